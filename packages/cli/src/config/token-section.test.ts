import { constants, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeToken, tokenVerifier } from '@alts/scheduler';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { understandConfig } from './understand-config.ts';

const SECRET = 'a secret of more than sixty-four bytes, which is what HS512 wants of it';
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-384' });
const pem = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' });

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'alts-token-section-'));
  await writeFile(join(directory, 'rsa.pem'), pem(rsa.publicKey));
  await writeFile(join(directory, 'ec.pem'), pem(ec.publicKey));
});
afterEach(() => rm(directory, { recursive: true }));

/** What checks tokens as a file has it under `scheduler.token`. */
async function configured(token: string) {
  const path = join(directory, 'fleet.yaml');
  await writeFile(path, `scheduler:\n  token:\n${token.replace(/^/gm, '    ')}\n`);
  const { config } = await understandConfig(path, {}, { sections: ['scheduler'] });
  if (!config.scheduler) throw new Error('there is no scheduler');
  return tokenVerifier(config.scheduler.token);
}
function signed(algorithm: string, key: KeyObject, claims: object = {}): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: algorithm, kid: 'one' })}.${part({ sub: 'ci', ...claims })}`;
  const padding = algorithm.startsWith('PS') ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 } : {};
  const how = { key, dsaEncoding: 'ieee-p1363', ...padding } as const;
  return `${text}.${sign(`sha${algorithm.slice(2)}`, Buffer.from(text), how).toString('base64url')}`;
}

describe('the tokens of a scheduler are settled in its file', () => {
  it.each(['HS256', 'HS384', 'HS512'] as const)('by a secret, for %s and nothing else', async (algorithm) => {
    const verify = await configured(`secret: '${SECRET}'\nalgorithm: ${algorithm}`);
    const token = (of: typeof algorithm) => makeToken({ secret: SECRET, algorithm: of }, { email: 'ci@example.org' });
    expect(await verify(await token(algorithm))).toMatchObject({ name: 'ci@example.org' });
    expect(await verify(await token(algorithm === 'HS256' ? 'HS512' : 'HS256'))).toBeUndefined();
  });

  it('by a public key, in the file or in one of its own', async () => {
    const inline = pem(rsa.publicKey).toString().trim().replace(/^/gm, '  ');
    for (const verify of [
      await configured('algorithm: RS256\npublicKey_file: rsa.pem'),
      await configured(`algorithm: RS256\npublicKey: |\n${inline}`),
    ]) {
      expect(await verify(signed('RS256', rsa.privateKey))).toMatchObject({ name: 'ci' });
      expect(await verify(signed('PS256', rsa.privateKey))).toBeUndefined();
    }
    const verify = await configured('algorithm: ES384\npublicKey_file: ec.pem');
    expect(await verify(signed('ES384', ec.privateKey))).toMatchObject({ name: 'ci' });
  });

  it('by the URL of a key set', async () => {
    const keys = [{ ...ec.publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'ES384' }];
    const server = createServer((_, response) => response.end(JSON.stringify({ keys }))).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await new Promise((done) => server.once('listening', done));
    const { port } = server.address() as AddressInfo;
    const verify = await configured(`algorithm: ES384\njwksUrl: http://127.0.0.1:${port}/keys`);
    expect(await verify(signed('ES384', ec.privateKey))).toMatchObject({ name: 'ci' });
    expect(await verify(signed('RS256', rsa.privateKey))).toBeUndefined();
  });

  it('with issuer, audience, what a token without scopes may do, and how wrong a clock may be', async () => {
    const verify = await configured(
      'algorithm: RS256\npublicKey_file: rsa.pem\nissuer: us\naudience: alts\nwithoutScopes: nothing\nclockToleranceSeconds: 120',
    );
    const good = { iss: 'us', aud: 'alts', exp: Math.floor(Date.now() / 1000) - 60 };
    const check = async (claims: object) => verify(signed('RS256', rsa.privateKey, claims));
    expect(await check(good)).toEqual({ name: 'ci', scopes: new Set() });
    for (const wrong of [{ iss: 'them' }, { aud: 'other' }, { exp: good.exp - 120 }]) {
      expect(await check({ ...good, ...wrong })).toBeUndefined();
    }
  });

  it.each([
    [
      'algorithm: RS256',
      ':3: scheduler.token.publicKey: must be a public key in PEM (SPKI), -----BEGIN PUBLIC KEY-----; or say jwksUrl',
    ],
    [
      'algorithm: RS256\npublicKey_file: ec.pem',
      ':4: scheduler.token.publicKey: is a key of secp384r1; RS256 takes one of rsa',
    ],
    ['algorithm: RS256\npublicKey: rsa.pem', ':4: scheduler.token.publicKey: must be a public key in PEM'],
    [`algorithm: RS256\nsecret: '${SECRET}'`, ':3: scheduler.token.algorithm: '],
    ['algorithm: none\nsecret: x', ':3: scheduler.token.algorithm: '],
    ['secret: x\nisuer: us', ':4: scheduler.token: unknown key "isuer"; did you mean "issuer"?'],
    [
      'algorithm: RS256\npublicKey_file: rsa.pem\naudiance: x',
      ':5: scheduler.token: unknown key "audiance"; did you mean "audience"?',
    ],
  ])('and refused by their place: %s', async (token, message) => {
    await expect(configured(token)).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining(message),
    });
  });
});
