/** Everything that a session creates carries this label with the session's id as value. */
export const sessionLabel = 'dev.holdfast.session';

/** On a node image: what stands in for k3s there, in words for a report. */
export const standInLabel = 'dev.holdfast.stand-in';
