import { backendShape } from './backend-shape.ts';
import { changesets, releases } from './changesets.ts';
import { checksPage } from './checks-page.ts';
import { checkEmbeddedFiles } from './embedded-files.ts';
import { fileLength } from './file-length.ts';
import { forbiddenStrings } from './forbidden-strings.ts';
import { lockFile } from './lock-file.ts';
import { packageFields } from './package-fields.ts';
import { type Check, thisRepository } from './repository.ts';

const embeddedFiles: Check = () =>
  checkEmbeddedFiles().map((line) => {
    const [file = '', ...message] = line.split(': ');
    return { file, message: message.join(': ') };
  });

/** What biome cannot know: the checks of this repository, one line each. */
const CHECKS = [
  backendShape,
  forbiddenStrings,
  lockFile,
  packageFields,
  changesets(releases()),
  embeddedFiles,
  checksPage,
  fileLength,
];

const repository = thisRepository();
const problems = CHECKS.flatMap((check) => [...check(repository)]);
for (const { file, message, level = 'error' } of problems) console.error(`${level}: ${file}: ${message}`);
const errors = problems.filter(({ level = 'error' }) => level === 'error');
console.log(
  `checked ${repository.files.length} files: ${errors.length} errors, ${problems.length - errors.length} warnings`,
);
process.exitCode = errors.length > 0 ? 1 : 0;
