/** `0.4s`, `12.3s`, `2m05s`, `1h02m`: for columns and stage lines. */
export function shortDuration(ms: number): string {
  // 59,950 ms would be shown as 60.0s.
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)}s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m${String(seconds % 60).padStart(2, '0')}s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)}h${String(minutes % 60).padStart(2, '0')}m`;
}
