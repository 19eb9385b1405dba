import type { ConnectionEncrypter, MessageStream } from '@libp2p/interface';

/**
 * Makes what an encrypter sends one write to its connection. The transport has a system call for each piece of a list, of which every frame has three
 * (length, text, tag); each call wakes the peer, which is most of the time of a short frame.
 */
export function withWholeWrites<Components, Extension>(
  make: (components: Components) => ConnectionEncrypter<Extension>,
): (components: Components) => ConnectionEncrypter<Extension> {
  return (components) => {
    const encrypter = make(components);
    return {
      protocol: encrypter.protocol,
      secureInbound: async (connection, options) => encrypter.secureInbound(joiningPieces(connection), options),
      secureOutbound: async (connection, options) => encrypter.secureOutbound(joiningPieces(connection), options),
    };
  };
}

/** The connection itself: what it is sent is joined from here on. */
function joiningPieces(connection: MessageStream): MessageStream {
  const send = connection.send.bind(connection);
  connection.send = (data) => send(data.subarray());
  return connection;
}
