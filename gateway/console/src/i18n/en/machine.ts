// A node's program, networks and machine. In English.

export default {
  machine: {
    title: "Program and machine",
    version: "Program",
    since: "Running since",
    system: "System",
    networks: "Networks",
    no_networks: "none loaded",
    by: "by {{runtime}}",
    disk: "Disk free",
    memory: "Memory free",
    share: "{{free}} of {{total}} GiB",
    load: "Processor",
    load_share: "{{percent}} % busy",
    temperature: "Temperature",
    pictures: "Waiting pictures",
    unknown: "unknown",
    older: "This node does not tell: its program is of an older version.",
  },
};
