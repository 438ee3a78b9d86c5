import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Where the build puts Swagger UI. Its npm package reports every installation to a third party, which the users of this
 * package are spared: it comes without.
 */
const BUILT = fileURLToPath(new URL('./swagger-ui/', import.meta.url));

/** One of Swagger UI's files: as it was built into this package, or in the sources from its own package. */
export async function swaggerUiFile(name: string): Promise<Buffer<ArrayBuffer>> {
  const directory = existsSync(BUILT)
    ? BUILT
    : dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  return Buffer.from(await readFile(join(directory, name)));
}
