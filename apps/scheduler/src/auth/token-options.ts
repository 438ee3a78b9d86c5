import { createPublicKey } from 'node:crypto';
import { z } from 'zod';
import { isLoopback } from '../is-loopback.ts';

/** RFC 7518 section 3.2: a key of HMAC is at least as long as the hash. */
const MIN_SECRET_BYTES = 32;
/**
 * What stands in examples, of the Python system and of ours, and so in installations that were never changed: small letters
 * and digits alone.
 */
const EXAMPLES: ReadonlySet<string> = new Set([
  'secret',
  'jwtsecret',
  'altssecret',
  'changeme',
  'test',
  'myverysecretphrase',
  'secretofyoursgeneratedtoken',
  'thirtytwobytesthatnobodyknows',
]);
/** A piece of no more characters that comes again and again is no longer for that. */
const LONGEST_PIECE = 12;

const HMAC = ['HS256', 'HS384', 'HS512'] as const;
const SIGNATURES = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'] as const;

const Claims = {
  /** Who must have made the token: claim `iss`. Left out: anybody who has the key. */
  issuer: z.string().min(1).optional(),
  /** Whom it must be for: claim `aud`. Left out: a token that names somebody is refused. */
  audience: z.string().min(1).optional(),
  /** What a token without scopes may do: nothing, or everything, as tokens of the Python system could. */
  withoutScopes: z.enum(['everything', 'nothing']).default('nothing'),
  /** By how much the clock of who made a token may differ from this one: for `exp` and `nbf`. */
  clockToleranceSeconds: z.int().min(0).max(600).default(5),
};

const Secret = z.strictObject({
  algorithm: z.enum(HMAC).default('HS256'),
  /** The shared secret, as text. */
  secret: z.string().min(1),
  ...Claims,
});
const NO_PEM = 'must be a public key in PEM (SPKI), -----BEGIN PUBLIC KEY-----';
const PublicKey = z
  .strictObject({
    algorithm: z.enum(SIGNATURES),
    publicKey: z.string(`${NO_PEM}; or say jwksUrl`).startsWith('-----BEGIN PUBLIC KEY-----', NO_PEM),
    ...Claims,
  })
  .superRefine(({ algorithm, publicKey }, { addIssue }) => {
    const message = whyUnfit(publicKey, algorithm);
    if (message !== undefined) addIssue({ code: 'custom', path: ['publicKey'], message });
  });
const KeySet = z.strictObject({
  algorithm: z.enum(SIGNATURES),
  /** Where the keys are, RFC 7517; fetched again when a token names one that is not known. */
  jwksUrl: z.string().refine(isTrustworthy, {
    message: 'must be an https URL: who is between could give other keys; http is for this machine alone',
  }),
  ...Claims,
});

function isTrustworthy(text: string): boolean {
  const url = URL.parse(text);
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url));
}

/** How tokens are checked. The algorithm is settled here and never by the token (RFC 8725 section 3.1). */
export const TokenOptions = z.union([Secret, PublicKey, KeySet]);
export type TokenOptions = z.output<typeof TokenOptions>;

/** The key that each algorithm takes: RFC 7518 section 3, RFC 8037. */
const KEYS: Readonly<Record<(typeof SIGNATURES)[number], string>> = {
  RS256: 'rsa',
  RS384: 'rsa',
  RS512: 'rsa',
  PS256: 'rsa',
  PS384: 'rsa',
  PS512: 'rsa',
  ES256: 'prime256v1',
  ES384: 'secp384r1',
  ES512: 'secp521r1',
  EdDSA: 'ed25519',
};
const MIN_RSA_BITS = 2048;

/** Why no token could ever be found good by a key; undefined: one can. */
function whyUnfit(pem: string, algorithm: keyof typeof KEYS): string | undefined {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails: { namedCurve, modulusLength = MIN_RSA_BITS } = {} } =
      createPublicKey(pem);
    const kind = namedCurve ?? asymmetricKeyType;
    if (kind !== KEYS[algorithm]) return `is a key of ${kind}; ${algorithm} takes one of ${KEYS[algorithm]}`;
    if (modulusLength < MIN_RSA_BITS) return `has ${modulusLength} bits; it must have ${MIN_RSA_BITS}`;
    return undefined;
  } catch {
    return NO_PEM;
  }
}

/** Why a secret must not be used outside of a developer's machine; undefined: it may be. */
export function whyWeak(secret: string): string | undefined {
  if (EXAMPLES.has(secret.toLowerCase().replace(/[^a-z0-9]+/g, ''))) return 'the secret is that of the examples';
  const bytes = Buffer.byteLength(secret);
  if (bytes < MIN_SECRET_BYTES) return `the secret has ${bytes} bytes; it must have ${MIN_SECRET_BYTES}`;
  return isRepetition(secret) ? 'the secret is the same few characters over and over' : undefined;
}

function isRepetition(text: string): boolean {
  const longest = Math.min(LONGEST_PIECE, Math.floor(text.length / 2));
  const pieces = Array.from({ length: longest }, (_, at) => text.slice(0, at + 1));
  return pieces.some((piece) => piece.repeat(Math.ceil(text.length / piece.length)).startsWith(text));
}
