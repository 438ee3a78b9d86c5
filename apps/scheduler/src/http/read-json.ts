import { AltsError } from '@alts/sdk/plugin';

/** What a body may have. */
const MAX_BYTES = 1024 * 1024;

/**
 * The body of a request as JSON.
 * @throws {AltsError} `limit_exceeded` over 1 MiB; `invalid_request` for what is no JSON in UTF-8
 */
export async function readJson(request: Request): Promise<unknown> {
  const bytes = await readBounded(request);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AltsError('invalid_request', `the body is not JSON: ${reason}`, { cause });
  }
}

async function readBounded({ headers, body }: Request): Promise<Uint8Array> {
  if (Number(headers.get('content-length') ?? 0) > MAX_BYTES) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    if (size > MAX_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLarge(): AltsError {
  return new AltsError('limit_exceeded', `the body has more than ${MAX_BYTES} bytes`);
}
