"""DocumentService: documents and certificates of a trade, as people sign for them."""

from typing import Final

from gateway.app import Gateway
from gateway.operators.asking import Asking, signed
from settlement.trade import document
from waitan.v1.documents_pb2_grpc import DocumentServiceServicer


class TradeDocuments(DocumentServiceServicer):
    """The service."""

    def __init__(self, gateway: Gateway) -> None:
        self.asking: Final = Asking(gateway)

    IssueDocument = signed(document.IssueDocument)
    PresentDocument = signed(document.PresentDocument)
    TransferDocument = signed(document.TransferDocument)
    VerifyDocument = signed(document.VerifyDocument)
    RevokeDocument = signed(document.RevokeDocument)
