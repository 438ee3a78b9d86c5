/** The artifact whose being there ends a task. */
export const REPORT = 'report.json';
