// By what name a node's configuration is kept here.

export const configurationKey = (node: string) => ["configuration", node] as const;
