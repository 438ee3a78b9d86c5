import { dockerRunner } from '@alts/runner-docker';
import { runTest } from '@alts/sdk';

const report = await runTest({ package: { name: 'hello' }, system: 'debian:12' }, { runner: dockerRunner() });

console.log(`${report.package.name} ${report.package.version}: ${report.verdict}`);
for (const stage of report.stages) console.log(`  ${stage.name}: ${stage.status}`);
for (const finding of report.findings) console.log(`  ${finding.severity} ${finding.rule}: ${finding.message}`);
