// A node's program, networks and machine. In Chinese.

export default {
  machine: {
    title: "程序与主机",
    version: "程序版本",
    since: "运行自",
    system: "系统",
    networks: "神经网络",
    no_networks: "未加载",
    by: "由 {{runtime}} 运行",
    disk: "磁盘剩余",
    memory: "内存剩余",
    share: "{{free}}，共 {{total}} GiB",
    load: "处理器",
    load_share: "占用 {{percent}}%",
    temperature: "温度",
    pictures: "待送图片",
    unknown: "未知",
    older: "此节点程序版本较旧，未上报这些信息。",
  },
};
