// Drives a gateway with the official client, and prints what it saw as one JSON object.
import * as crypto from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as grpc from '@grpc/grpc-js';
import { connect, hash, signers } from '@hyperledger/fabric-gateway';

const settings = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const client = new grpc.Client(
    settings.address,
    grpc.credentials.createSsl(Buffer.from(settings.roots), Buffer.from(settings.tlsKey), Buffer.from(settings.tlsCertificate)),
    { 'grpc.ssl_target_name_override': settings.serverName },
);
const gateway = connect({
    client,
    identity: { mspId: settings.mspId, credentials: Buffer.from(settings.certificate) },
    signer: signers.newPrivateKeySigner(crypto.createPrivateKey(settings.key)),
    hash: hash.sha256,
    tlsClientCertificateHash: new Uint8Array(
        crypto.createHash('sha256').update(new crypto.X509Certificate(settings.tlsCertificate).raw).digest(),
    ),
    endorseOptions: () => ({ deadline: Date.now() + 30000 }),
    commitStatusOptions: () => ({ deadline: Date.now() + 30000 }),
});
const network = gateway.getNetwork(settings.channel);
const contract = network.getContract(settings.chaincode);
const text = (bytes) => Buffer.from(bytes).toString();
const seen = {};

seen.evaluated = text(await contract.evaluate('put', { arguments: ['key', 'value'] }));

const transaction = await contract.newProposal('settle', {
    transientData: { lists: settings.lists },
    endorsingOrganizations: settings.organisations,
}).endorse();
const commit = await transaction.submit();
seen.status = { ...(await commit.getStatus()) };
seen.status.blockNumber = Number(seen.status.blockNumber);

seen.told = text(await contract.submit('tell', { arguments: ['Settled', 'payload'] }));

const failure = async (action) => {
    try {
        await action();
        return null;
    } catch (error) {
        return { name: error.name, details: error.details, code: error.code };
    }
};
seen.refused = await failure(() => contract.submit('nonsense'));
seen.invalid = await failure(() => contract.submit('put', { arguments: ['key', 'value'] }));

const events = await network.getChaincodeEvents(settings.chaincode, { startBlock: 0n });
for await (const event of events) {
    seen.event = { ...event, payload: text(event.payload), blockNumber: Number(event.blockNumber) };
    break;
}
events.close();

const blocks = await network.getBlockAndPrivateDataEvents({ startBlock: 1n });
for await (const delivered of blocks) {
    seen.block = { number: Number(delivered.getBlock().getHeader().getNumber()), parts: [] };
    delivered.getPrivateDataMapMap().forEach((part, position) => {
        for (const namespace of part.getNsPvtRwsetList()) {
            for (const collection of namespace.getCollectionPvtRwsetList()) {
                seen.block.parts.push([Number(position), namespace.getNamespace(), collection.getCollectionName()]);
            }
        }
    });
    break;
}
blocks.close();
gateway.close();
client.close();
console.log(JSON.stringify(seen));
