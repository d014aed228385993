// The same as one_payment.py on Fabric's official Node shim, so that the two servers can be compared:
//
//     npm install fabric-shim@2.5.8
//     CHAINCODE_ID=... CHAINCODE_SERVER_ADDRESS=127.0.0.1:9999 node examples/one_payment_per_transaction/one_payment.js
'use strict';

const fs = require('fs');
const shim = require('fabric-shim');

const OPENING_MINOR = 10n ** 15n;

async function balance(stub, collection, account) {
    const value = await stub.getPrivateData(collection, account);
    return value && value.length ? BigInt(value.toString()) : OPENING_MINOR;
}

class OnePayment {
    async Init() {
        return shim.success();
    }

    async Invoke(stub) {
        const [payer, payee] = stub.getFunctionAndParameters().params;
        const sent = stub.getTransient();
        const debtor = `account/${sent.get('from')}`;
        const creditor = `account/${sent.get('to')}`;
        const amount = BigInt(sent.get('amount').toString());
        const debit = (await balance(stub, payer, debtor)) - amount;
        const credit = (await balance(stub, payee, creditor)) + amount;
        if (amount <= 0n || debit < 0n) {
            return shim.error('AM04');
        }
        const payment = `payment/${stub.getTxID()}`;
        await Promise.all([
            stub.putPrivateData(payer, debtor, Buffer.from(debit.toString())),
            stub.putPrivateData(payee, creditor, Buffer.from(credit.toString())),
            stub.putPrivateData(payer, payment, sent.get('payment')),
            stub.putPrivateData(payee, payment, sent.get('payment')),
        ]);
        return shim.success();
    }
}

function tls(environment) {
    if (!environment.CHAINCODE_TLS_KEY) {
        return undefined;
    }
    return {
        key: fs.readFileSync(environment.CHAINCODE_TLS_KEY),
        cert: fs.readFileSync(environment.CHAINCODE_TLS_CERT),
        clientCACerts: fs.readFileSync(environment.CHAINCODE_TLS_CLIENT_CA),
    };
}

const { CHAINCODE_ID: ccid, CHAINCODE_SERVER_ADDRESS: address } = process.env;
shim.server(new OnePayment(), { ccid, address, tlsProps: tls(process.env) }).start();
