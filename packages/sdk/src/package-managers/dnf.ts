import { elfFiles } from '../collectors/elf-files.ts';
import { elfLibraries } from '../collectors/elf-libraries.ts';
import { loaderView } from '../collectors/loader-view.ts';
import { packageServices } from '../collectors/package-services.ts';
import { rpmDependencies } from '../collectors/rpm-dependencies.ts';
import { rpmFiles } from '../collectors/rpm-files.ts';
import { rpmInstalled } from '../collectors/rpm-installed.ts';
import { rpmLibraryOwners } from '../collectors/rpm-library-owners.ts';
import { rpmSharedPaths } from '../collectors/rpm-shared-paths.ts';
import { rpmSystemBefore, rpmSystemNow } from '../collectors/rpm-snapshot.ts';
import { rpmSystemDependencies } from '../collectors/rpm-system-dependencies.ts';
import type { PackageManager } from '../contracts/package-manager.ts';
import { describeSystem, identify } from './dnf-identify.ts';
import { install } from './dnf-install.ts';
import { prepare } from './dnf-prepare.ts';
import { satisfy } from './dnf-satisfy.ts';
import { stage } from './dnf-stage.ts';
import { purge, remove } from './dnf-uninstall.ts';
import { configurationFiles, versions } from './dnf-versions.ts';

/** dnf 4 and 5, or yum where there is neither, and rpm: Enterprise Linux from 7 on, Fedora, and what is like them. */
export const dnf: PackageManager = {
  family: 'rpm',
  prepare,
  stage,
  describeSystem,
  install,
  versions,
  configurationFiles,
  satisfy,
  identify,
  remove,
  purge,
  collectors: [
    rpmInstalled,
    rpmFiles,
    rpmSystemDependencies,
    elfFiles,
    loaderView,
    elfLibraries(rpmLibraryOwners),
    rpmDependencies,
    rpmSystemBefore,
    // Takes the longest, and little waits for it.
    rpmSystemNow,
    rpmSharedPaths,
    packageServices,
  ],
};
