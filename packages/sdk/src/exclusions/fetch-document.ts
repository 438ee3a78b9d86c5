import { AltsError } from '../contracts/errors.ts';

const MAX_REDIRECTS = 5;
/** Longest document in bytes. */
export const MAX_DOCUMENT_BYTES = 1024 * 1024;

/** What a server says of a document. */
export type FetchedDocument =
  | { readonly status: 'unchanged' }
  | { readonly status: 'fetched'; readonly text: string; readonly etag?: string | undefined };

/**
 * Fetches a document, unless the server says that it is still the one with that tag.
 * @throws {Error} when the server does not answer, answers with anything else, or sends more than 1 MiB
 */
export async function fetchDocument(
  url: string,
  { etag, signal }: { readonly etag?: string | undefined; readonly signal: AbortSignal },
): Promise<FetchedDocument> {
  let address = new URL(url);
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    const headers: Record<string, string> = { accept: 'application/json', ...(etag && { 'if-none-match': etag }) };
    const answer = await fetch(address, { headers, signal, redirect: 'manual' });
    const location = answer.headers.get('location');
    if (answer.status === 304 && etag !== undefined) return { status: 'unchanged' };
    if (answer.status === 200) {
      return { status: 'fetched', text: await textOf(answer), etag: answer.headers.get('etag') ?? undefined };
    }
    await answer.body?.cancel();
    if (answer.status < 300 || answer.status > 399 || location === null) {
      throw new Error(`the server answered ${answer.status} ${answer.statusText}`.trim());
    }
    address = new URL(location, address);
    if (!/^https?:$/.test(address.protocol)) throw new Error(`the server sends us to ${address.protocol}`);
  }
  throw new Error(`more than ${MAX_REDIRECTS} redirects`);
}

async function textOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_DOCUMENT_BYTES) throw new Error(`longer than ${MAX_DOCUMENT_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * Where a document is, without what is nobody's business: for messages and reports.
 * @throws {AltsError} `invalid_request` for a URL with a user or a password
 */
export function shownUrl(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed) throw new AltsError('invalid_request', 'exclusions: must be the path of a file or an http(s) URL');
  if (parsed.username || parsed.password) {
    throw new AltsError('invalid_request', `exclusions: ${parsed.origin} must be without user and password`);
  }
  return `${parsed.origin}${parsed.pathname}`;
}
