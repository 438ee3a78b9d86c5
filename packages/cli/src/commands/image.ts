import { Command } from 'commander';

const BUILD_EXAMPLES = `
For where no registry answers: Debian releases, by mmdebstrap.
"alts image list" says which.

Example:
  $ alts image build debian:12 --mirror http://mirror.example/debian
`;

export function imageCommand(): Command {
  const build = new Command('build')
    .description('Builds a clean base image from the distribution’s own mirror.')
    .argument('<system>', '<distribution>:<version>')
    .option('--mirror <url>', 'where packages come from (default: mmdebstrap’s own)')
    .addHelpText('after', BUILD_EXAMPLES)
    .action(async (system: string, options: { mirror?: string }) => {
      const { buildImage } = await import('../build-image.ts');
      process.exitCode = await buildImage(system, options);
    });
  const list = new Command('list')
    .description('Lists base images that are here, and systems that can be built.')
    .addHelpText('after', '\nExample:\n  $ alts image list\n')
    .action(async () => {
      const { listBaseImages } = await import('../list-base-images.ts');
      await listBaseImages();
    });
  return new Command('image')
    .summary('build and list base images')
    .description('Builds and lists base images.')
    .addHelpText('after', '\nExample:\n  $ alts image build debian:12\n')
    .addCommand(build)
    .addCommand(list)
    .helpCommand(false);
}
