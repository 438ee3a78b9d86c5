import { AltsError } from '@alts/sdk/plugin';
import { isLoopback } from '../is-loopback.ts';

/** Who may be told of tasks that are over. */
export interface CallbackOptions {
  /** The only hosts that are told: `host`, at the usual port and at that of the base, or `host:port`. */
  readonly hosts: readonly string[];
  /** What a `callback_href` without a host is joined to (RFC 3986, section 5). With http, others may be told by http, too. */
  readonly base?: string | undefined;
  /** Sent as `Authorization: Bearer …`, to the origin of the base and to nobody else. */
  readonly token?: string | undefined;
}

/**
 * Where a callback goes. Undefined: to nobody, for nobody is configured and the client names no host either.
 * @throws {AltsError} `invalid_request` for what is no address, and for one that is not allowed
 */
export function callbackTarget(href: string, options: CallbackOptions): URL | undefined {
  const { hosts, base } = options;
  const target = URL.parse(href, base);
  if (!target) {
    if (base === undefined && href.startsWith('/') && hosts.length === 0) return undefined;
    throw refuse(`${JSON.stringify(href)} must be ${base === undefined ? 'a URL' : 'a path or a URL'}`);
  }
  if (target.protocol !== 'http:' && target.protocol !== 'https:') {
    throw refuse(`${JSON.stringify(href)} must be http or https`);
  }
  if (!isListed(target, options)) {
    const which = hosts.length > 0 ? `; those are: ${hosts.join(', ')}` : '';
    throw refuse(`${target.host} is not among the hosts that are told of tasks${which}`);
  }
  if (target.username !== '' || target.password !== '') {
    throw refuse(`must have no user and no password: what ${target.host} is to be sent is for the scheduler to say`);
  }
  if (target.protocol === 'http:' && !isLoopback(target) && !base?.startsWith('http:')) {
    throw refuse(`${target.host} is told by https alone, for others could read the result`);
  }
  return target;
}

/** Undefined: whoever is there gets no token. */
export function callbackToken(target: URL, { base, token }: CallbackOptions): string | undefined {
  return base !== undefined && new URL(base).origin === target.origin ? token : undefined;
}

/** What listens at another port of a host may be somebody else's. */
function isListed({ hostname, host, port, protocol }: URL, { hosts, base }: CallbackOptions): boolean {
  const usual = protocol === 'https:' ? '443' : '80';
  if (hosts.includes(`${hostname}:${port || usual}`)) return true;
  const isUsual = port === '' || (base !== undefined && new URL(base).host === host);
  return isUsual && hosts.includes(hostname);
}

function refuse(what: string): AltsError {
  return new AltsError('invalid_request', `callback_href: ${what}`);
}
