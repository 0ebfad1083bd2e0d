// Asks the admin API every two seconds while the page is seen, and shows what it says.

import { startActions, showJobs } from '/actions.js';
import { ask, hasToken, setToken, Unauthorized } from '/api.js';
import { lines, stack, swatch } from '/charts.js';
import { byteRate, bytes, count, duration, latency, money, name, rate, share } from '/format.js';
import { byId, fill, setNumber, setText } from '/tables.js';

const interval = 2000;
const spans = [31, 76, 151];
const longest = 151;
const outcomes = ['HIT', 'REVALIDATED', 'STALE', 'COALESCED', 'MISS', 'BYPASS', 'ERROR'];
const history = [];
let last = null;
let timer = 0;
let isPaused = false;
let isAsking = false;

async function poll() {
  clearTimeout(timer);
  if (isAsking) {
    return;
  }
  isAsking = true;
  try {
    const [overview, flights, usage, warm] = await Promise.all([
      ask('GET', '/admin/overview'), ask('GET', '/admin/flights'), ask('GET', '/admin/stats'), ask('GET', '/admin/warm')]);
    byId('sign-in').hidden = true;
    byId('data').hidden = false;
    byId('sign-out').hidden = !hasToken();
    setText('notice', '');
    remember(overview);
    showOverview(overview);
    showFlights(flights);
    showUsage(usage);
    showJobs(warm.jobs);
  } catch (error) {
    if (error instanceof Unauthorized) {
      isAsking = false;
      askForToken();
      return;
    }
    setText('state', 'not reachable');
    byId('state').classList.remove('ready');
    setText('notice', `The admin port does not answer as it should; trying again. ${error.message}`);
  }
  isAsking = false;
  schedule();
}

function schedule() {
  clearTimeout(timer);
  if (!isPaused && !document.hidden && byId('sign-in').hidden) {
    timer = setTimeout(poll, interval);
  }
}

function askForToken() {
  const wasAsked = hasToken();
  setToken(null);
  clearTimeout(timer);
  byId('data').hidden = true;
  byId('sign-out').hidden = true;
  byId('sign-in').hidden = false;
  setText('state', 'locked');
  byId('state').classList.remove('ready');
  setText('sign-in-problem', wasAsked ? 'That token is not accepted.' : '');
  byId('token').focus();
}

// What was counted since the last look, per second. Counters that went back are those of another process.
function remember(overview) {
  const now = Date.parse(overview.time);
  if (last !== null && now > last.time) {
    const seconds = (now - last.time) / 1000;
    const point = { served: (overview.bytes.served - last.overview.bytes.served) / seconds, origin: (overview.bytes.fromOrigin - last.overview.bytes.fromOrigin) / seconds };
    for (const outcome of outcomes) {
      point[outcome] = (overview.requests.byOutcome[outcome] - last.overview.requests.byOutcome[outcome]) / seconds;
    }
    if (Object.values(point).some((value) => value < 0)) {
      history.length = 0;
    } else {
      history.push(point);
      if (history.length > longest) {
        history.shift();
      }
    }
  }
  last = { time: now, overview };
}

function showOverview(overview) {
  const { requests, memory, fleet } = overview;
  const point = history.at(-1);
  const perSecond = point === undefined ? 0 : outcomes.reduce((sum, outcome) => sum + point[outcome], 0);
  setText('state', overview.state);
  byId('state').classList.toggle('ready', overview.state === 'ready');
  setText('version', overview.version.split('+')[0]);
  setText('uptime', duration(overview.uptimeSeconds));
  setNumber('hit-ratio', share(requests.hitRatio), requests.hitRatio);
  setText('saved-ratio', requests.savedRatio === null ? 'no reads yet' : `${share(requests.savedRatio)} with shared fetches`);
  setText('request-rate', rate(perSecond));
  setNumber('request-total', `${count(requests.total)} in all`, requests.total);
  setNumber('requests-saved', count(requests.saved), requests.saved);
  setNumber('origin-requests', `${count(overview.originRequests)} to the origin`, overview.originRequests);
  setNumber('bytes-served', bytes(overview.bytes.served), overview.bytes.served);
  setText('served-rate', byteRate(point?.served ?? 0));
  setNumber('bytes-origin', bytes(overview.bytes.fromOrigin), overview.bytes.fromOrigin);
  setText('bytes-saved', `${bytes(overview.bytes.saved)} saved`);
  setNumber('flights-joined', `${count(overview.flights.joined)} reads joined one`, overview.flights.joined);
  setNumber('memory-used', bytes(memory.usedBytes), memory.usedBytes);
  setText('memory-share', `${share(memory.usedBytes / memory.budgetBytes)} of ${bytes(memory.budgetBytes)}`);
  byId('cost').hidden = overview.cost === null;
  if (overview.cost !== null) {
    setNumber('cost-saved', money(overview.cost.saved, overview.cost.currency), overview.cost.saved);
  }
  setText('first-byte', latency(overview.latency.firstByteSeconds?.p50));
  setText('first-byte-slow', `p99 ${latency(overview.latency.firstByteSeconds?.p99)}, since the start`);
  showCharts(overview, point);
  showTiers(overview, memory, fleet);
  showState(overview);
}

function showState(overview) {
  const { reloads, refused } = overview;
  byId('reload').hidden = reloads === null;
  if (reloads !== null) {
    const since = duration((Date.parse(overview.time) - Date.parse(reloads.lastSuccess)) / 1000);
    setText('reload-state', reloads.lastSuccessful ? `accepted ${since} ago` : `refused; that of ${since} ago runs`);
  }
  for (const port of ['data', 'admin']) {
    const certificate = overview.certificates.find((one) => one.port === port);
    byId(`certificate-${port}`).hidden = certificate === undefined;
    if (certificate !== undefined) {
      setText(`certificate-${port}-end`, certificate.secondsLeft > 0 ? `ends in ${duration(certificate.secondsLeft)}` : 'has ended');
    }
  }
  setNumber('refused-authentication', count(refused.authentication), refused.authentication);
  setNumber('refused-uploads', count(refused.uploads), refused.uploads);
  setNumber('refused-rate', count(refused.rateLimit), refused.rateLimit);
  setNumber('refused-concurrency', count(refused.concurrencyLimit), refused.concurrencyLimit);
}

function showCharts(overview, point) {
  const { requests, latency: { firstByteSecondsByOutcome } } = overview;
  const total = Math.max(1, requests.total);
  const time = (seconds) => ({ number: seconds ?? '', text: latency(seconds) });
  fill(byId('outcomes'), outcomes.map((outcome) => {
    const label = document.createElement('span');
    label.append(swatch(outcome), outcome);
    const value = requests.byOutcome[outcome];
    const now = point?.[outcome] ?? 0;
    return [label, { number: now, text: rate(now) }, { number: value, text: count(value) }, { number: value / total, text: share(value / total) },
      time(firstByteSecondsByOutcome[outcome]?.p50), time(firstByteSecondsByOutcome[outcome]?.p99)];
  }));
  const span = spans.find((points) => history.length <= points) ?? longest;
  const across = `${duration(((span - 1) * interval) / 1000)} across.`;
  const top = stack(byId('requests-chart'), outcomes.map((outcome) => ({ name: outcome, values: history.map((one) => one[outcome]) })), span);
  const peak = Math.max(0, ...history.map((one) => outcomes.reduce((sum, outcome) => sum + one[outcome], 0)));
  setText('requests-text', history.length < 2 ? 'The chart begins with the second look.' : `Scale 0 to ${rate(top)}, ${across} Highest in view: ${rate(peak)}.`);
  const bytesTop = lines(byId('bytes-chart'), ['origin', 'served'].map((series) => ({ name: series, values: history.map((one) => one[series]) })), span, 1024);
  setText('bytes-text', history.length < 2 ? '' : `Scale 0 to ${byteRate(bytesTop)}, ${across} Now ${byteRate(point.served)} served, ${byteRate(point.origin)} from the origin.`);
}

function showTiers(overview, memory, fleet) {
  byId('memory-bar').value = memory.usedBytes / memory.budgetBytes;
  setNumber('m-used', bytes(memory.usedBytes), memory.usedBytes);
  setNumber('m-reserved', bytes(memory.reservedBytes), memory.reservedBytes);
  setNumber('m-budget', bytes(memory.budgetBytes), memory.budgetBytes);
  setNumber('m-objects', count(memory.objects), memory.objects);
  setNumber('m-slices', count(memory.slices), memory.slices);
  setNumber('m-evictions', count(memory.evictions), memory.evictions);
  byId('no-fleet').hidden = fleet !== null;
  byId('fleet').hidden = fleet === null;
  if (fleet !== null) {
    setText('f-redis', fleet.redisAvailable ? 'reachable' : 'left alone');
    setText('f-hearing', fleet.hearing ? 'yes' : 'no');
    setText('f-members', count(fleet.members));
    setText('f-runs', count(fleet.runs));
    setText('f-commands', count(fleet.commands));
    setText('f-failed', count(fleet.commandsFailed));
    setText('f-journal', count(fleet.journal));
    setText('f-queued', bytes(fleet.fillsQueuedBytes));
  }
  const number = (value) => ({ number: value, text: count(value) });
  fill(byId('origins'), overview.origins.map((origin) => [
    name(origin.origin), number(origin.requests), { number: origin.bytes, text: bytes(origin.bytes) }, number(origin.failures), number(origin.repeats), number(origin.hedges),
    number(origin.slotsUsed), number(origin.slotsLimit), number(origin.slotsWaiting)]));
}

function showFlights(flights) {
  setNumber('flights-live', count(flights.live), flights.live);
  byId('no-flights').hidden = flights.flights.length > 0;
  byId('flight-table').hidden = flights.flights.length === 0;
  fill(byId('flight-table'), flights.flights.map((flight) => {
    const bar = document.createElement('progress');
    bar.setAttribute('aria-label', 'Bytes brought');
    bar.setAttribute('max', Math.max(1, flight.totalBytes));
    bar.setAttribute('value', flight.doneBytes);
    return [
      { key: `${name(flight.bucket)}/${name(flight.key)}` }, name(flight.origin), flight.kind, flight.role, { number: flight.readers, text: count(flight.readers) },
      { number: flight.ageSeconds, text: duration(flight.ageSeconds) }, { number: flight.doneBytes, text: bytes(flight.doneBytes) },
      { number: flight.totalBytes, text: flight.totalBytes === 0 ? '–' : bytes(flight.totalBytes) }, bar];
  }));
}

function showUsage(usage) {
  const numbers = (row) => [{ number: row.requests, text: count(row.requests) }, { number: row.bytes, text: bytes(row.bytes) }];
  byId('no-hot-keys').hidden = usage.hotKeys.length > 0;
  byId('hot-keys').hidden = usage.hotKeys.length === 0;
  fill(byId('hot-keys'), usage.hotKeys.slice(0, 25).map((row) => [{ key: name(row.key) }, name(row.bucket), { number: row.hotness, text: row.hotness.toFixed(1) }, ...numbers(row)]));
  fill(byId('buckets'), usage.buckets.slice(0, 15).map((row) => [{ key: name(row.bucket) }, ...numbers(row)]));
  fill(byId('clients'), usage.clients.slice(0, 15).map((row) => [{ key: name(row.client) }, ...numbers(row)]));
}

byId('sign-in-form').addEventListener('submit', (event) => {
  event.preventDefault();
  setToken(byId('token').value);
  byId('token').value = '';
  poll().then(() => {
    if (byId('sign-in').hidden) {
      byId('main').focus();
    }
  });
});
byId('sign-out').addEventListener('click', () => {
  setToken(null);
  askForToken();
});
byId('pause').addEventListener('click', () => {
  isPaused = !isPaused;
  byId('pause').setAttribute('aria-pressed', String(isPaused));
  if (!isPaused) {
    poll();
  } else {
    clearTimeout(timer);
  }
});
byId('config-details').addEventListener('toggle', async () => {
  if (byId('config-details').open) {
    try {
      setText('config', name(JSON.stringify(await ask('GET', '/admin/config'), null, 2)).replaceAll('\\u{a}', '\n'));
    } catch (error) {
      setText('config', error.message);
    }
  }
});
document.addEventListener('visibilitychange', () => {
  if (document.hidden) {
    clearTimeout(timer);
  } else if (!isPaused && byId('sign-in').hidden) {
    poll();
  }
});
startActions(askForToken, poll);
poll();
