// Numbers as people read them, and names of others' choice as text that cannot pretend to be anything else.

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat('en', { maximumFractionDigits: 1, minimumFractionDigits: 1 });
const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

export const count = (value) => whole.format(value);

export const rate = (value) => (value > 0 && value < 100 ? tenths.format(value) : whole.format(value)) + ' /s';

export function bytes(value) {
  let size = Math.abs(value);
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit++;
  }
  return (value < 0 ? '−' : '') + (unit === 0 || size >= 100 ? whole.format(size) : tenths.format(size)) + ' ' + units[unit];
}

export const byteRate = (value) => bytes(value) + '/s';

export const share = (value) => (value === null || !Number.isFinite(value) ? '–' : tenths.format(value * 100) + ' %');

export function duration(seconds) {
  if (seconds < 60) {
    return (seconds < 10 ? tenths.format(seconds) : whole.format(seconds)) + ' s';
  }
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  return days > 0 ? `${days} d ${hours % 24} h` : hours > 0 ? `${hours} h ${minutes % 60} min` : `${minutes} min ${Math.floor(seconds % 60)} s`;
}

export function latency(seconds) {
  if (seconds === undefined) {
    return '–';
  }
  return seconds < 0.001 ? whole.format(seconds * 1e6) + ' µs' : seconds < 1 ? (seconds < 0.1 ? tenths : whole).format(seconds * 1000) + ' ms' : tenths.format(seconds) + ' s';
}

export const money = (value, currency) => new Intl.NumberFormat('en', { style: 'currency', currency, maximumFractionDigits: value < 1 ? 4 : 2 }).format(value);

// Control characters, and those that turn the direction of what follows or cannot be seen, are written out.
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

export const name = (text) => String(text).replace(unseen, (one) => '\\u{' + one.codePointAt(0).toString(16) + '}');
