/** Lets whoever reads the output end early, as `head` does: that is no fault of anybody. Any other error of it is thrown. */
export function bearClosedPipe(output: NodeJS.WriteStream): void {
  output.on('error', (error) => {
    if (!('code' in error) || error.code !== 'EPIPE') throw error;
  });
}
