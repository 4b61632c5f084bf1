// Mock Service Worker 3 is made for Node 22; of what that has, Node 20 lacks only this.
Promise.withResolvers ??= function withResolvers() {
  let settle;
  const promise = new this((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, ...settle };
};
