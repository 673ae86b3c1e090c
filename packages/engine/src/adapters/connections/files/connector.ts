/** Folders: the files in one folder of this machine as objects, read only. */
import type { Connector } from '../connector.ts';
import { localPath } from '../local-path.ts';
import { describeStore, performObjectAction } from '../../objects/object-actions.ts';
import { openFolder } from './folder.ts';

export const filesConnector: Connector<'files'> = {
  type: 'files',
  async open({ url }, means) {
    const folder = openFolder(localPath(url, means), means.name);
    return {
      connect: (request, call) => performObjectAction(folder, request, call),
      check: ({ deadline }) => describeStore(folder, deadline.signal),
      close: () => Promise.resolve(),
    };
  },
};
