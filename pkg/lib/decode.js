// @ts-check
/**
 * The core's bytes from the text of the build: the byte values by their characters in hexadecimal, then one character per
 * byte, or an escape (`~`, `}`) and a character for the rarer ones.
 * @param {string[]} packed
 */
export const decode = ([order, text]) => {
  const table = new Uint8Array(128).fill(255);
  let size = 0;
  for (let code = 32; code < 125; code++) if (code !== 34 && code !== 92) table[code] = size++;
  const bytes = new Uint8Array(text.length);
  let length = 0;
  let shift = 0;
  const values = Uint8Array.from({ length: 256 }, (_, index) => parseInt(order.slice(index * 2, index * 2 + 2), 16));
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code > 124) shift = code === 126 ? size : size * 2;
    else {
      bytes[length++] = values[shift + table[code]];
      shift = 0;
    }
  }
  return bytes.subarray(0, length);
};
