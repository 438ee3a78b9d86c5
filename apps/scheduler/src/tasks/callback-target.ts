import { AltsError } from '@alts/sdk/plugin';

/** Who may be told of tasks that are over. */
export interface CallbackOptions {
  /** Names of the only hosts that are told. */
  readonly hosts: readonly string[];
  /** What a `callback_href` without a host is joined to (RFC 3986, section 5). */
  readonly base?: string | undefined;
  /** Sent as `Authorization: Bearer …`. */
  readonly token?: string | undefined;
}

/**
 * Where a callback goes. Undefined: to nobody, for nobody is configured and the client names no host either.
 * @throws {AltsError} `invalid_request` for what is no address, and for a host that is not allowed
 */
export function callbackTarget(href: string, { hosts, base }: CallbackOptions): URL | undefined {
  const target = URL.parse(href, base);
  if (!target) {
    if (base === undefined && href.startsWith('/') && hosts.length === 0) return undefined;
    const hint = base === undefined ? 'a URL' : 'a path or a URL';
    throw new AltsError('invalid_request', `callback_href: ${JSON.stringify(href)} must be ${hint}`);
  }
  if (target.protocol !== 'http:' && target.protocol !== 'https:') {
    throw new AltsError('invalid_request', `callback_href: ${JSON.stringify(href)} must be http or https`);
  }
  if (hosts.includes(target.hostname)) return target;
  const which = hosts.length > 0 ? `; those are: ${hosts.join(', ')}` : '';
  throw new AltsError(
    'invalid_request',
    `callback_href: ${target.hostname} is not among the hosts that are told of tasks${which}`,
  );
}
