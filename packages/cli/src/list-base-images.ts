import { imageTools } from './container.ts';

/** `alts image list`: what is here, one a line, then what can be built. */
export async function listBaseImages(): Promise<void> {
  const { BUILDABLE, listImages } = await imageTools();
  const images = await listImages();
  const width = Math.max(0, ...images.map(({ name }) => name.length));
  for (const { name, digest, bytes, builtHere } of images) {
    const size = `${Math.round(bytes / 1e6)} MB`.padStart(8);
    process.stdout.write(`${name.padEnd(width)} ${size}  ${digest.slice(0, 19)}${builtHere ? '  built here' : ''}\n`);
  }
  const missing = Object.keys(BUILDABLE).filter((name) => !images.some((image) => image.name === name));
  process.stdout.write(`can be built: ${missing.length > 0 ? missing.join(', ') : 'all are here'}\n`);
}
