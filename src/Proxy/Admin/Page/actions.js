// The forms: purging, and warming up with its jobs.

import { ask, Unauthorized } from '/api.js';
import { bytes, count, name } from '/format.js';
import { byId, setText } from '/tables.js';

const chosen = (group) => document.querySelector(`input[name="${group}"]:checked`).value;

function say(output, text, isProblem) {
  output.textContent = text;
  output.classList.toggle('problem', isProblem);
}

export function startActions(onUnauthorized, onChange) {
  const run = async (output, work) => {
    try {
      await work();
    } catch (error) {
      if (error instanceof Unauthorized) {
        onUnauthorized();
      } else {
        say(output, error.message, true);
      }
    }
  };
  startPurge(run, onChange);
  startWarm(run, onChange);
}

function startPurge(run, onChange) {
  const output = byId('purge-result');
  const dialog = byId('confirm');
  let target = null;
  for (const choice of document.querySelectorAll('input[name="purge-what"]')) {
    choice.addEventListener('change', showPurgeFields);
  }
  showPurgeFields();

  byId('purge-form').addEventListener('submit', (event) => {
    event.preventDefault();
    target = purgeTarget();
    setText('confirm-text', sentenceOf(target));
    dialog.showModal();
    byId('confirm-no').focus();
  });
  byId('confirm-no').addEventListener('click', () => dialog.close());
  byId('confirm-yes').addEventListener('click', () => {
    dialog.close();
    say(output, 'Purging…', false);
    run(output, async () => {
      const report = await ask('POST', '/admin/purge', target);
      // The one that was asked is among them.
      const replicas = Math.max(0, report.replicas.acknowledged.length - 1);
      const others = replicas === 0 ? '' : ` ${count(replicas)} other ${replicas === 1 ? 'replica has' : 'replicas have'} acknowledged.`;
      say(output, `Dropped ${count(report.objects)} ${report.objects === 1 ? 'object' : 'objects'} and ${count(report.slices)} ${report.slices === 1 ? 'slice' : 'slices'}.${others}`
        + (report.pending ? ' Redis cannot be told now: the other replicas follow when it is back.' : ''), false);
      onChange();
    });
  });
}

function showPurgeFields() {
  const what = chosen('purge-what');
  const bucket = byId('purge-bucket');
  const field = byId('purge-name');
  bucket.disabled = what === 'all';
  field.disabled = what === 'bucket' || what === 'all';
  setText('purge-name-label', what === 'prefix' ? 'Prefix' : 'Key');
}

function purgeTarget() {
  const bucket = byId('purge-bucket').value;
  const text = byId('purge-name').value;
  switch (chosen('purge-what')) {
    case 'all': return { all: true };
    case 'bucket': return { bucket };
    case 'prefix': return { bucket, prefix: text };
    default: return { bucket, key: text };
  }
}

function sentenceOf(target) {
  const rest = ' In all replicas. The next read of each asks the origin.';
  return target.all ? 'Forget every object of every bucket?' + rest
    : target.key !== undefined ? `Forget ${name(target.bucket)}/${name(target.key)}?` + rest
      : target.prefix !== undefined ? `Forget every object of ${name(target.bucket)} whose key begins with ${name(target.prefix)}?` + rest
        : `Forget every object of ${name(target.bucket)}?` + rest;
}

function startWarm(run, onChange) {
  const output = byId('warm-result');
  for (const choice of document.querySelectorAll('input[name="warm-what"]')) {
    choice.addEventListener('change', showWarmFields);
  }
  showWarmFields();
  byId('warm-form').addEventListener('submit', (event) => {
    event.preventDefault();
    run(output, async () => {
      const request = { bucket: byId('warm-bucket').value, concurrency: Number(byId('warm-concurrency').value) };
      if (chosen('warm-what') === 'keys') {
        request.keys = byId('warm-keys').value.split('\n').map((line) => line.replace(/\r$/, '')).filter((line) => line !== '');
      } else {
        request.prefix = byId('warm-prefix').value;
      }
      if (byId('warm-limit').value !== '') {
        request.maxBytes = Number(byId('warm-limit').value) * 1024 * 1024;
      }
      const job = await ask('POST', '/admin/warm', request);
      say(output, `Warm-up ${job.id} was started.`, false);
      onChange();
    });
  });
  byId('jobs').addEventListener('click', (event) => {
    const id = event.target instanceof HTMLButtonElement ? event.target.dataset.job : undefined;
    if (id !== undefined) {
      run(output, async () => {
        await ask('DELETE', '/admin/warm/' + encodeURIComponent(id));
        say(output, `Warm-up ${id} was cancelled.`, false);
        onChange();
      });
    }
  });
}

function showWarmFields() {
  const isList = chosen('warm-what') === 'keys';
  for (const element of document.querySelectorAll('.for-prefix')) {
    element.hidden = isList;
  }
  for (const element of document.querySelectorAll('.for-keys')) {
    element.hidden = !isList;
  }
  byId('warm-keys').required = isList;
}

const items = new Map();

// Shows the jobs; an item that is there already is changed in place, so that its button keeps the focus.
export function showJobs(jobs) {
  byId('no-jobs').hidden = jobs.length > 0;
  const list = byId('jobs');
  for (const [id, item] of items) {
    if (!jobs.some((job) => job.id === id)) {
      item.root.remove();
      items.delete(id);
    }
  }
  for (const job of [...jobs].reverse()) {
    if (!items.has(job.id)) {
      const item = newItem(job);
      items.set(job.id, item);
      list.prepend(item.root);
    }
    showJob(items.get(job.id), job);
  }
}

function newItem(job) {
  const root = document.createElement('li');
  root.className = 'panel';
  root.id = 'job-' + job.id;
  const head = document.createElement('div');
  head.className = 'head';
  const title = document.createElement('b');
  title.textContent = `${job.id}: ${name(job.bucket)}` + (job.keys === undefined ? ` / ${name(job.prefix) || 'everything'}` : `, ${count(job.keys)} keys`);
  const state = document.createElement('span');
  state.className = 'badge';
  const cancel = document.createElement('button');
  cancel.type = 'button';
  cancel.dataset.job = job.id;
  cancel.textContent = 'Cancel';
  cancel.setAttribute('aria-label', `Cancel warm-up ${job.id}`);
  head.append(title, state, cancel);
  const bar = document.createElement('progress');
  bar.setAttribute('aria-label', `Progress of warm-up ${job.id}`);
  const text = document.createElement('p');
  const message = document.createElement('p');
  const failures = document.createElement('details');
  const summary = document.createElement('summary');
  const list = document.createElement('ul');
  failures.append(summary, list);
  root.append(head, bar, text, message, failures);
  return { root, state, cancel, bar, text, message, failures, summary, list };
}

function showJob(item, job) {
  const isOver = job.ended !== null;
  const { found, done, loaded, alreadyHere, failed, listed } = job.objects;
  item.state.textContent = job.state;
  item.state.classList.toggle('ready', job.state === 'done');
  item.cancel.hidden = isOver;
  item.bar.max = Math.max(1, found);
  item.bar.value = done;
  item.text.textContent = `${count(done)} of ${count(found)}${listed || isOver ? '' : ' or more'} objects: ${count(loaded)} loaded, ${count(alreadyHere)} were here, ${count(failed)} failed. ${bytes(job.bytes.loaded)}`
    + (job.bytes.found === null ? '' : ` of ${bytes(job.bytes.found)}`) + ' loaded.';
  item.message.textContent = job.message ?? '';
  item.message.hidden = job.message === null;
  item.failures.hidden = job.failures.length === 0;
  item.summary.textContent = job.failures.length < failed ? `The first ${job.failures.length} of ${count(failed)} failures` : `${count(failed)} failed`;
  if (item.list.childElementCount !== job.failures.length) {
    item.list.replaceChildren(...job.failures.map((failure) => {
      const line = document.createElement('li');
      const key = document.createElement('span');
      key.className = 'key';
      key.textContent = name(failure.key);
      line.append(key, ': ' + name(failure.reason));
      return line;
    }));
  }
}
