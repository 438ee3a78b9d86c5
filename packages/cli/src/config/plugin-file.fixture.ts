import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const ZOD = import.meta.resolve('zod');
const OPTIONS = `z.strictObject({
  depth: z.int().max(9).default(1),
  name: z.string().optional(),
  flags: z.array(z.boolean()).optional(),
  deep: z.strictObject({ colour: z.enum(['red', 'blue']) }).optional(),
})`;

/** A plugin in a file, of which nothing can be made; gives its path. */
export async function writePlugin(directory: string, kind: string): Promise<string> {
  const path = join(directory, `${kind}.mjs`);
  const text = `import { z } from '${ZOD}';
export default { kind: '${kind}', name: 'own', options: ${OPTIONS}, create() { throw new Error('made'); } };
`;
  await writeFile(path, text);
  return path;
}
