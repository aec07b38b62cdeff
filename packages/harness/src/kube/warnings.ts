/**
 * The messages of an HTTP Warning header: `299 - "message", 299 - "other"`.
 *
 * @returns the messages without code and quotes, RFC 7234 section 5.5
 */
export function warningsOf(header: string): string[] {
  return [...header.matchAll(/\b\d{3} \S+ "((?:[^"\\]|\\.)*)"/g)].map((match) =>
    (match[1] ?? '').replace(/\\(.)/g, '$1'),
  );
}
