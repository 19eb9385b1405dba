import { EtcdLog } from '../../src/replication/etcd-log.ts';
import { EtcdProcess, hasEtcd, withEtcd } from './etcd-process.ts';
import { keepsTheOrder } from './ordered-log-contract.ts';

keepsTheOrder(
  withEtcd,
  async () => {
    const { host } = await EtcdProcess.start();
    return {
      open: (door) => EtcdLog.open({ hosts: [host], prefix: 'test/', door, tell: (words) => console.log(words) }),
    };
  },
  hasEtcd,
);
