import { debDependencies } from '../collectors/deb-dependencies.ts';
import { debFiles } from '../collectors/deb-files.ts';
import { debInstalled } from '../collectors/deb-installed.ts';
import { debLibraryOwners } from '../collectors/deb-library-owners.ts';
import { debSharedPaths } from '../collectors/deb-shared-paths.ts';
import { debSystemBefore, debSystemNow } from '../collectors/deb-snapshot.ts';
import { debSystemDependencies } from '../collectors/deb-system-dependencies.ts';
import { elfFiles } from '../collectors/elf-files.ts';
import { elfLibraries } from '../collectors/elf-libraries.ts';
import { loaderView } from '../collectors/loader-view.ts';
import { packageServices } from '../collectors/package-services.ts';
import type { PackageManager } from '../contracts/package-manager.ts';
import { APT_ENV, aptGet, WITHOUT_LISTS } from './apt-command.ts';
import { describeSystem, identify } from './apt-identify.ts';
import { install } from './apt-install.ts';
import { prepare } from './apt-prepare.ts';
import { satisfy } from './apt-satisfy.ts';
import { stage } from './apt-stage.ts';
import { purge, remove } from './apt-uninstall.ts';
import { configurationFiles, versions } from './apt-versions.ts';

/** Debian's package manager: apt-get, apt-cache and dpkg, from Debian 11 on. */
export const apt: PackageManager = {
  family: 'deb',
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
    debInstalled,
    debFiles,
    debSharedPaths,
    debSystemDependencies(aptGet('check', WITHOUT_LISTS), APT_ENV),
    elfFiles,
    loaderView,
    elfLibraries(debLibraryOwners),
    debDependencies,
    debSystemBefore,
    // Takes the longest, and little waits for it.
    debSystemNow,
    packageServices,
  ],
};
