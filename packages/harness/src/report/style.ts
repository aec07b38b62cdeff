/** What a piece of text in a report means; the caller decides what that looks like. */
export type StyleRole = 'passed' | 'failed' | 'skipped' | 'title' | 'detail';

/** Dresses a piece of text, as in the colours of a terminal. */
export type Style = (role: StyleRole, text: string) => string;

/** No colours at all. */
export const plain: Style = (_role, text) => text;
