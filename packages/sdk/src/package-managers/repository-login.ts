import { AltsError } from '../contracts/errors.ts';

/** User and password as they are, no longer as a URL writes them. */
export interface RepositoryLogin {
  readonly user: string;
  readonly password: string;
}

/**
 * Takes user and password out of the URL of a repository.
 * @throws {AltsError} `invalid_request` when a control character is in them: no configuration file can hold it
 */
export function splitLogin(text: string): { readonly url: string; readonly login?: RepositoryLogin } {
  // new URL() would also rewrite what package managers understand in their own way, such as file:/path.
  const [, protocol, info, rest = ''] = /^(https?:\/\/)([^/@]*(?:@[^/@]*)*)@([^@/]*(?:\/.*)?)$/i.exec(text) ?? [];
  if (protocol === undefined || info === undefined) return { url: text };
  const at = info.indexOf(':');
  const user = decode(at < 0 ? info : info.slice(0, at));
  const password = decode(at < 0 ? '' : info.slice(at + 1));
  return { url: `${protocol}${rest}`, login: { user, password } };
}

function decode(text: string): string {
  let plain = text;
  try {
    plain = decodeURIComponent(text);
  } catch {
    // A lone "%" stands for itself.
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this refuses
  if (/[\x00-\x1f\x7f]/.test(plain)) {
    throw new AltsError(
      'invalid_request',
      'repositories: a user or password has white space or a control character in it',
    );
  }
  return plain;
}
