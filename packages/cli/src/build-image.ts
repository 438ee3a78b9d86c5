import { AltsError, formatSystem, System, safeLine } from '@alts/sdk';
import { describeZodError } from '@alts/sdk/plugin';
import { imageTools } from './container.ts';
import { EXIT } from './exit-codes.ts';
import { interruptible } from './interrupt.ts';

/** `alts image build`: progress on stderr, the name and the digest on stdout. */
export async function buildImage(text: string, { mirror }: { readonly mirror?: string }): Promise<number> {
  const system = System.safeParse(text);
  if (!system.success) throw new AltsError('invalid_request', describeZodError(system.error, text));
  if (mirror !== undefined && !(URL.canParse(mirror) && /^https?:$/.test(new URL(mirror).protocol))) {
    throw new AltsError('invalid_request', `--mirror: ${JSON.stringify(mirror)} is not an http(s) URL`);
  }
  const { buildBaseImage } = await imageTools();
  using interrupt = interruptible(() => process.stderr.write('interrupted: cleaning up\n'));
  process.stderr.write(`building ${formatSystem(system.data)}\n`);
  try {
    const { name, digest } = await buildBaseImage(system.data, {
      mirror,
      signal: interrupt.signal,
      onProgress: (line) => process.stderr.write(`${safeLine(line)}\n`),
    });
    process.stdout.write(`${name} ${digest}\n`);
    return EXIT.passed;
  } catch (error) {
    if (interrupt.signal.aborted) return EXIT.interrupted;
    throw error;
  }
}
