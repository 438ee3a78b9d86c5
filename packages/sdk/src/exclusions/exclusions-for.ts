import type { ExcludedFrom, Exclusion } from '../contracts/exclusions.ts';
import type { SkippableStage, SkipSubject } from '../contracts/skip.ts';
import type { ExclusionDocument } from './parse-exclusions.ts';

/** The steps that documents name, as upstream's ALTS calls them. */
const STAGE_OF: ReadonlyMap<string, SkippableStage> = new Map([
  ['install_package', 'install_package'],
  ['run_package_integrity_tests', 'package_integrity_tests'],
  ['run_third_party_tests', 'third_party_tests'],
  ['uninstall_package', 'uninstall_package'],
]);

/**
 * What a document says of one package on one system. The key of the system is `<distribution>-<version>`, exactly; the
 * keys of packages are prefixes, so that `curl` is about `curl-minimal`, too.
 * @param source what the document is called in reasons
 */
export function exclusionsFor(document: ExclusionDocument, subject: SkipSubject, source: string): ExcludedFrom {
  const system = `${subject.distribution}-${subject.version}`;
  const packages = Object.hasOwn(document, system) ? Object.entries(document[system] ?? {}) : [];
  const exclusions = new Map<SkippableStage, Exclusion>();
  const unknown = new Set<string>();
  for (const [prefix, steps] of packages.filter(([key]) => subject.packageName.startsWith(key))) {
    for (const step of steps) {
      const stage = STAGE_OF.get(step);
      const where = `"${prefix}" of ${system}`;
      if (stage === undefined)
        unknown.add(`${JSON.stringify(step)}, which it names for ${where}, is no step that can be skipped`);
      else if (!exclusions.has(stage)) {
        exclusions.set(stage, { stage, reason: `${source} excludes ${where} from ${step}` });
      }
    }
  }
  return { exclusions: [...exclusions.values()], unknown: [...unknown] };
}
