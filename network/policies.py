"""Fabric's policies as messages: who must sign (common/policies.proto)."""

from collections.abc import Iterable, Sequence

from fabric_protos.common import configtx_pb2, policies_pb2
from fabric_protos.msp import identities_pb2, msp_principal_pb2

_ROLES = msp_principal_pb2.MSPRole.MSPRoleType


def one_of(*members: tuple[str, str]) -> policies_pb2.Policy:
    """Ask for one signature: of any of some (MSP, role), role being member, admin, client, peer or orderer."""
    return signature(1, [_role(msp, role) for msp, role in members])


def quorum_of(needed: int, identities: Sequence[tuple[str, bytes]]) -> policies_pb2.Policy:
    """Ask for signatures of so many of some certificates, given as MSP and PEM."""
    principals = [
        msp_principal_pb2.MSPPrincipal(
            principal_classification=msp_principal_pb2.MSPPrincipal.IDENTITY,
            principal=identities_pb2.SerializedIdentity(mspid=msp, id_bytes=pem).SerializeToString(),
        )
        for msp, pem in identities
    ]
    return signature(needed, principals)


def tolerated(orderers: int) -> int:
    """Say how many of some SmartBFT orderers may fail or lie (Fabric, common/policies/bft.go)."""
    return (orderers - 1) // 3


def signature(needed: int, principals: Sequence[msp_principal_pb2.MSPPrincipal]) -> policies_pb2.Policy:
    """Ask for signatures of so many of some principals."""
    rules = [policies_pb2.SignaturePolicy(signed_by=place) for place in range(len(principals))]
    rule = policies_pb2.SignaturePolicy(n_out_of=policies_pb2.SignaturePolicy.NOutOf(n=needed, rules=rules))
    envelope = policies_pb2.SignaturePolicyEnvelope(version=0, rule=rule, identities=principals)
    return policies_pb2.Policy(type=policies_pb2.Policy.SIGNATURE, value=envelope.SerializeToString())


def implicit(rule: str, sub_policy: str) -> policies_pb2.Policy:
    """Ask ANY, ALL or the MAJORITY of the groups below for what their policy of a name asks."""
    meta = policies_pb2.ImplicitMetaPolicy(sub_policy=sub_policy, rule=policies_pb2.ImplicitMetaPolicy.Rule.Value(rule))
    return policies_pb2.Policy(type=policies_pb2.Policy.IMPLICIT_META, value=meta.SerializeToString())


def taking_part(msps: Iterable[str]) -> dict[str, policies_pb2.Policy]:
    """Say who of some organisations may read the channel and ask for transactions: by name, all in one policy.

    ANY of the organisations' own policies would mean the same. But a peer that evaluates it checks the signature anew
    for each organisation, until it comes to the signer's (common/policies/implicitmeta.go), and it does so for every
    proposal, every question for a commit and every message of gossip about heights (ADR 0030).
    """
    named = sorted(msps)
    return {
        "Readers": one_of(*((msp, "member") for msp in named)),
        "Writers": one_of(*((msp, role) for msp in named for role in ("admin", "client"))),
    }


def set_policies(group: configtx_pb2.ConfigGroup, **policies: policies_pb2.Policy) -> None:
    """Give a group its policies; its administrators may change them."""
    for name, policy in policies.items():
        group.policies[name].CopyFrom(configtx_pb2.ConfigPolicy(policy=policy, mod_policy="Admins"))


def _role(msp: str, role: str) -> msp_principal_pb2.MSPPrincipal:
    return msp_principal_pb2.MSPPrincipal(
        principal_classification=msp_principal_pb2.MSPPrincipal.ROLE,
        principal=msp_principal_pb2.MSPRole(msp_identifier=msp, role=_ROLES.Value(role.upper())).SerializeToString(),
    )
