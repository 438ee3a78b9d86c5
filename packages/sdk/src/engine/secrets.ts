import type { Repository } from '../contracts/repository.ts';
import type { TestRequest } from '../contracts/request.ts';
import type { SuiteSpec } from '../contracts/suite.ts';
import { credentialsOf, withoutCredentials } from '../download/url-credentials.ts';

const MASK = '***';
/** Shorter ones would mask half of any text, and are no secrets. */
const MIN_SECRET = 3;

/** A copy with every text in it changed; `field` is the name of the nearest field around the text. */
export function mapTexts<T>(value: T, change: (text: string, field: string) => string, field = ''): T {
  if (typeof value === 'string') return change(value, field) as T;
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change, field)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTexts(item, change, key)])) as T;
}

/** The request as it is shown, in reports and elsewhere: without user and password of its URLs. */
export function redactRequest(request: TestRequest): TestRequest {
  return mapTexts(request, withoutCredentials);
}

function urlsOf(request: TestRequest): string[] {
  const ofRepository = (r: Repository): string => (typeof r === 'string' ? r : r.url);
  const own = 'url' in request.package ? [request.package.url] : [];
  const ofSuite = (s: SuiteSpec): string[] => ('url' in s ? [s.url] : 'tarball' in s ? [s.tarball] : []);
  return [...own, ...request.repositories.map(ofRepository), ...request.tests.flatMap(ofSuite)];
}

/** Passwords of the request's URLs, in every form in which a tool may print them. */
export function secretsOf(request: TestRequest): string[] {
  const found = new Set<string>();
  for (const text of urlsOf(request)) {
    for (const userInfo of credentialsOf(text)) {
      const [user = '', password = ''] = splitOnce(userInfo, ':');
      // A token is often written as the user, without a password.
      const secret = password || user;
      const plain = decode(secret);
      const basic = Buffer.from(`${decode(user)}:${plain}`).toString('base64');
      for (const form of [userInfo, secret, plain, encodeURIComponent(plain), basic]) {
        if (form.length >= MIN_SECRET) found.add(form);
      }
    }
  }
  return [...found].sort((a, b) => b.length - a.length);
}

function splitOnce(text: string, at: string): [string, string] {
  const index = text.indexOf(at);
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + 1)];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Masks secrets in a text that comes in pieces, also where a secret is cut by the border of two pieces. */
export class SecretMask {
  readonly #secrets: readonly string[];
  #held = '';

  constructor(secrets: readonly string[]) {
    this.#secrets = secrets;
  }

  /** What can be passed on by now; the start of what may become a secret is held back. */
  push(text: string): string {
    if (this.#secrets.length === 0) return text;
    const masked = this.mask(this.#held + text);
    const hold = this.#longestStart(masked);
    this.#held = masked.slice(masked.length - hold);
    return masked.slice(0, masked.length - hold);
  }

  /** What was held back: nothing more will come. */
  flush(): string {
    const rest = this.#held;
    this.#held = '';
    return rest;
  }

  /** A whole text at once. */
  mask(text: string): string {
    return this.#secrets.reduce((masked, secret) => masked.replaceAll(secret, MASK), text);
  }

  /** Length of the longest end of the text that is the start of a secret. */
  #longestStart(text: string): number {
    let longest = 0;
    for (const secret of this.#secrets) {
      for (let length = Math.min(secret.length - 1, text.length); length > longest; length -= 1) {
        if (text.endsWith(secret.slice(0, length))) longest = length;
      }
    }
    return longest;
  }
}
