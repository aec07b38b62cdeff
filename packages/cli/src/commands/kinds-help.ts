/** What each kind of disruption does, by its id; here, since the help loads no harness. */
export const kindHelp: Readonly<Record<string, string>> = {
  graceful: 'a pod is deleted, and gets its time to end',
  force: 'a pod is deleted without that time',
  evict: 'a pod is evicted, as a drained node does it, where a budget allows it',
  kill: 'PID 1 of a pod’s main container gets SIGKILL, from its node',
  all: 'all pods are deleted at once',
  'node-stop': 'a node that runs pods is stopped, and started again 5 s later',
  'cut-off': 'a node that runs pods is cut off from the others for 15 s',
  restart: 'all nodes are stopped and started again',
};

const width = Math.max(...Object.keys(kindHelp).map((id) => id.length));

/** The kinds of disruption, for the help of the command that does them. */
export const kindsHelp = `
Kinds of disruption, in the order of a round (kill and those of nodes need a cluster of its own):
${Object.entries(kindHelp)
  .map(([id, text]) => `  ${id.padEnd(width)}  ${text}`)
  .join('\n')}
`;
