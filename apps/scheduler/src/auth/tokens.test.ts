import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeToken, type NewToken } from './make-token.ts';
import { may } from './scopes.ts';
import { TokenOptions, whyWeak } from './token-options.ts';
import { tokenVerifier } from './verify-token.ts';

const secret = 'a secret of more than thirty-two bytes';
const joe: NewToken = { email: 'joe@example.org' };
const options = (own: object = {}) => TokenOptions.parse({ secret, ...own });
const check = async (token: string, own: object = {}) => (await tokenVerifier(options(own)))(token);
const token = (own: Partial<NewToken> = {}, key = secret) =>
  makeToken({ secret: key, algorithm: 'HS256' }, { ...joe, ...own });
const now = () => Math.floor(Date.now() / 1000);
const pem = { publicKeyEncoding: { type: 'spki', format: 'pem' } } as const;
const pkcs8 = { privateKeyEncoding: { type: 'pkcs8', format: 'pem' } } as const;
const rsaKey = (modulusLength: number) => generateKeyPairSync('rsa', { modulusLength, ...pem, ...pkcs8 }).publicKey;
const ecKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256', ...pem, ...pkcs8 }).publicKey;
const signed = (claims: object, header = { alg: 'HS256' }) =>
  new SignJWT({ ...claims }).setProtectedHeader(header).sign(new TextEncoder().encode(secret));

describe('a token', () => {
  it('says who calls, and what they may do', async () => {
    const caller = await check(await token({ scopes: ['tasks:read'] }));
    expect(caller).toEqual({ name: 'joe@example.org', scopes: new Set(['tasks:read']) });
    expect(caller && [may(caller, 'tasks:read'), may(caller, 'tasks:write')]).toEqual([true, false]);
  });

  it('without scopes, as those of the Python system, may do nothing unless it is said otherwise', async () => {
    const old = await signed({ email: 'joe@example.org' });
    expect((await check(old))?.scopes).toEqual(new Set());
    expect((await check(old, { withoutScopes: 'everything' }))?.scopes).toEqual(new Set(['admin']));
  });

  it.each([
    [{ scope: 'tasks:read tasks:write' }, ['tasks:read', 'tasks:write']],
    [{ scope: ['tasks:read'] }, ['tasks:read']],
    [{ scp: 'tasks:read openid' }, ['tasks:read']],
    [{ scp: ['tasks:write'] }, ['tasks:write']],
    [{ scope: 'tasks:read', scp: ['tasks:write'] }, ['tasks:read', 'tasks:write']],
    [{ scp: 'openid profile' }, []],
    [{ scope: '' }, []],
    [{ scope: null }, []],
    [{ scp: { admin: true } }, []],
  ])('with %j may do that, and never more', async (claims, scopes) => {
    expect((await check(await signed(claims), { withoutScopes: 'everything' }))?.scopes).toEqual(new Set(scopes));
  });

  it.each<[string, () => Promise<string>, object]>([
    ['another secret', () => token({}, `${secret}!`), {}],
    ['another algorithm', () => signed({}, { alg: 'HS384' }), {}],
    ['a time that is over', () => signed({ exp: now() - 60 }), {}],
    ['a time that is to come', () => signed({ nbf: now() + 60 }), {}],
    ['an audience that nobody asked for', () => token({ audience: 'alts' }), {}],
    ['another audience', () => token({ audience: 'other' }), { audience: 'alts' }],
    ['no audience where one is needed', () => token(), { audience: 'alts' }],
    ['another issuer', () => token({ issuer: 'x' }), { issuer: 'y' }],
    ['no signature', async () => `${(await token()).split('.').slice(0, 2).join('.')}.`, {}],
    ['no dots', async () => 'abc', {}],
  ])('with %s is not good', async (_, make, own) => {
    expect(await check(await make(), own)).toBeUndefined();
  });

  it('that says it needs no signature is not believed', async () => {
    const [, payload] = (await token()).split('.');
    const header = Buffer.from('{"alg":"none"}').toString('base64url');
    expect(await check(`${header}.${payload}.`)).toBeUndefined();
  });

  it('may come from a machine whose clock is wrong by as much as is said', async () => {
    const late = await signed({ exp: now() - 60 });
    const early = await signed({ nbf: now() + 60 });
    for (const token of [late, early]) {
      expect(await check(token, { clockToleranceSeconds: 120 })).toBeDefined();
      expect(await check(token, { clockToleranceSeconds: 0 })).toBeUndefined();
    }
  });

  it('is good until it expires', async () => {
    expect(await check(await token({ expiresInSeconds: 60 }))).toBeDefined();
    expect(
      await check(await token({ audience: 'alts', issuer: 'us' }), { audience: 'alts', issuer: 'us' }),
    ).toBeDefined();
  });
});

describe('a key pair', () => {
  it('signs with one half and is checked with the other; the public half is no secret of HMAC', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
    const pem = await exportSPKI(publicKey);
    const verify = await tokenVerifier(TokenOptions.parse({ algorithm: 'ES256', publicKey: pem }));
    const good = await new SignJWT({ sub: 'ci' }).setProtectedHeader({ alg: 'ES256' }).sign(privateKey);
    expect(await verify(good)).toEqual({ name: 'ci', scopes: new Set() });
    expect(await verify(await token({}, pem))).toBeUndefined();
  });

  it.each(['RS256', 'RS512', 'PS384', 'ES256', 'ES384', 'ES512', 'EdDSA'] as const)(
    'of %s is taken with its algorithm, and with no other',
    async (algorithm) => {
      const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
      const pem = await exportSPKI(publicKey);
      const verify = await tokenVerifier(TokenOptions.parse({ algorithm, publicKey: pem }));
      const token = await new SignJWT({ sub: 'ci' }).setProtectedHeader({ alg: algorithm }).sign(privateKey);
      expect(await verify(token)).toMatchObject({ name: 'ci' });
      const other = algorithm === 'ES256' ? 'ES384' : 'ES256';
      expect(TokenOptions.safeParse({ algorithm: other, publicKey: pem }).success).toBe(false);
    },
  );

  it.each([
    ['no key', 'x', 'must be a public key in PEM'],
    ['half a key', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----', 'must be a public key in PEM'],
    ['a key that is too short', rsaKey(1024), 'has 1024 bits; it must have 2048'],
    ['a key of another algorithm', ecKey(), 'is a key of prime256v1; RS256 takes one of rsa'],
  ])('is refused before anything is signed with it: %s', (_, publicKey, message) => {
    const { error } = TokenOptions.safeParse({ algorithm: 'RS256', publicKey });
    expect(JSON.stringify(error?.issues)).toContain(message);
  });

  it('may be one of many at a URL', async () => {
    const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
    const keys = [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256' }];
    const server = createServer((_, response) => response.end(JSON.stringify({ keys }))).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await new Promise((done) => server.once('listening', done));
    const jwksUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`;
    const verify = await tokenVerifier(TokenOptions.parse({ algorithm: 'RS256', jwksUrl }));
    const sign = (kid: string) => new SignJWT({ sub: 'ci' }).setProtectedHeader({ alg: 'RS256', kid }).sign(privateKey);
    expect(await verify(await sign('one'))).toMatchObject({ name: 'ci' });
    expect(await verify(await sign('two'))).toBeUndefined();
  });
});

describe('the URL of a key set', () => {
  const parse = (jwksUrl: string) => TokenOptions.safeParse({ algorithm: 'RS256', jwksUrl });

  it.each(['https://id.example/keys', 'http://127.0.0.1:8080/keys', 'http://localhost/keys', 'http://[::1]/keys'])(
    '%s is taken',
    (url) => expect(parse(url).success).toBe(true),
  );

  it.each(['http://id.example/keys', 'http://127.0.0.1.example/keys', 'file:///keys', 'keys'])('%s is not', (url) => {
    expect(JSON.stringify(parse(url).error?.issues)).toContain('must be');
  });
});

describe('a secret', () => {
  it.each([
    ['secret', 'that of the examples'],
    ['short', 'has 5 bytes; it must have 32'],
    ['ü'.repeat(15), 'has 30 bytes'],
    ['thirty-two bytes that nobody knows', 'that of the examples'],
    [' Thirty-Two bytes that nobody knows\n', 'that of the examples'],
    ['<Secret of yours generated token>', 'that of the examples'],
    ['a'.repeat(40), 'over and over'],
    ['ü'.repeat(16), 'over and over'],
    ['changeme'.repeat(4), 'over and over'],
    ['0123456789'.repeat(4).slice(0, 33), 'over and over'],
  ])('%j is weak', (weak, reason) => {
    expect(whyWeak(weak)).toContain(reason);
  });
  it('of 32 bytes will do', () => {
    expect(whyWeak('üéèàâçöäïñõãåøøù')).toBeUndefined();
    expect(whyWeak('7xkq3vCw0pYb9sLd7xkq3vCw0pYb9sLe')).toBeUndefined();
  });
});
