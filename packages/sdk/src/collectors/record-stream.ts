/**
 * Splits what comes in pieces into records that end with NUL.
 * Bytes that are not UTF-8 become `\xff`, as a shell would write them, so that two names never become one.
 */
export class RecordStream {
  #rest: Buffer = Buffer.alloc(0);
  readonly #onRecord: (record: string) => void;

  constructor(onRecord: (record: string) => void) {
    this.#onRecord = onRecord;
  }

  push(chunk: Uint8Array): void {
    const end = chunk.lastIndexOf(0);
    if (end < 0) {
      this.#rest = Buffer.concat([this.#rest, chunk]);
      return;
    }
    const whole = Buffer.concat([this.#rest, chunk.subarray(0, end)]);
    this.#rest = Buffer.from(chunk.subarray(end + 1));
    const text = whole.toString();
    const records = text.includes('\uFFFD') ? splitBytes(whole) : text.split('\0');
    for (const record of records) this.#onRecord(record);
  }
}

function* splitBytes(bytes: Buffer): Generator<string> {
  let start = 0;
  for (let end = bytes.indexOf(0); end >= 0; end = bytes.indexOf(0, start)) {
    yield decodeName(bytes.subarray(start, end));
    start = end + 1;
  }
  yield decodeName(bytes.subarray(start));
}

/** As UTF-8 as far as it is. */
export function decodeName(bytes: Buffer): string {
  const text = bytes.toString();
  if (!text.includes('\uFFFD') || Buffer.from(text).equals(bytes)) return text;
  const byte = (value: number) => `\\x${value.toString(16).padStart(2, '0')}`;
  // One byte a character: a run of what could be UTF-8 is decoded again, and kept when it was.
  return bytes.toString('latin1').replace(/[\x80-\xff]+/g, (run) => {
    const raw = Buffer.from(run, 'latin1');
    const decoded = raw.toString();
    return decoded.includes('\uFFFD') ? [...raw].map(byte).join('') : decoded;
  });
}
