const MASK = '***';
const credentialsInUrl = /((?:https?|ssh|git):\/\/)([^/\s]+)@/g;

/** A text with user and password of every URL in it masked. */
export function withoutCredentials(text: string): string {
  return text.replace(credentialsInUrl, `$1${MASK}@`);
}

/** User and password of each URL in a text, as they stand there: `user:password`. */
export function credentialsOf(text: string): string[] {
  return [...text.matchAll(credentialsInUrl)].map(([, , userInfo = '']) => userInfo);
}

/**
 * A URL apart from its user and password, which neither fetch() nor a command line may see.
 * @returns `authorization`: value of the header, Basic of RFC 7617; left out where the URL has no user
 */
export function splitCredentials(url: string): { readonly address: string; readonly authorization?: string } {
  const parsed = new URL(url);
  const { username, password } = parsed;
  if (!username && !password) return { address: parsed.href };
  parsed.username = '';
  parsed.password = '';
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { address: parsed.href, authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}
