const HEADER_BYTES = 8;
const STDERR = 2;

export interface Frame {
  readonly stream: 'stdout' | 'stderr';
  readonly bytes: Buffer;
}

/**
 * Splits the engine's one stream into two (Engine API, "Attach to a container": stream type, three zeros, four bytes of
 * size, payload). A frame may be cut anywhere. Unlike dockerode's own, this reads no further than it is asked to.
 */
export async function* demux(source: AsyncIterable<Buffer>): AsyncGenerator<Frame> {
  let header = Buffer.alloc(0);
  let stream: Frame['stream'] = 'stdout';
  let left = 0;
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length; ) {
      if (left > 0) {
        const bytes = chunk.subarray(at, at + left);
        at += bytes.length;
        left -= bytes.length;
        yield { stream, bytes };
        continue;
      }
      const piece = chunk.subarray(at, at + HEADER_BYTES - header.length);
      header = Buffer.concat([header, piece]);
      at += piece.length;
      if (header.length < HEADER_BYTES) break;
      stream = header[0] === STDERR ? 'stderr' : 'stdout';
      left = header.readUInt32BE(4);
      header = Buffer.alloc(0);
    }
  }
}
