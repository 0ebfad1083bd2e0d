// The admin API. The token stays in this tab and leaves it in the Authorization header only.

const key = 's3proxy.token';

export class Unauthorized extends Error {}

export const hasToken = () => sessionStorage.getItem(key) !== null;

export function setToken(token) {
  if (token === null) {
    sessionStorage.removeItem(key);
  } else {
    sessionStorage.setItem(key, token);
  }
}

// The answer as an object; an Error that tells what is wrong and what to do otherwise.
export async function ask(method, path, body) {
  const headers = { 'X-S3Proxy-Admin': '1' };
  const token = sessionStorage.getItem(key);
  if (token !== null) {
    headers.Authorization = 'Bearer ' + token;
  }
  if (body !== undefined) {
    headers['Content-Type'] = 'application/json';
  }
  const answer = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body), cache: 'no-store' });
  if (answer.status === 401) {
    throw new Unauthorized();
  }
  const isJson = answer.headers.get('Content-Type')?.startsWith('application/json');
  const content = isJson ? await answer.json() : await answer.text();
  if (!answer.ok) {
    throw new Error(isJson ? `${content.error} ${content.remedy}` : content.trim());
  }
  return content;
}
