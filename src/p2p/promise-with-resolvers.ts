/** The library of peers needs `Promise.withResolvers`, which Node has from version 22 on. */
if (!('withResolvers' in Promise)) {
  Object.defineProperty(Promise, 'withResolvers', {
    configurable: true,
    writable: true,
    value: () => {
      const settle: Partial<{ resolve: (value: unknown) => void; reject: (reason: unknown) => void }> = {};
      const promise = new Promise((resolve, reject) => Object.assign(settle, { resolve, reject }));
      return { promise, ...settle };
    },
  });
}
