/** The script of `/docs`: lists the operations of `/openapi.json` and sends what the reader fills in. Plain DOM, text nodes only. */
export const DOCS_JS = `'use strict'
const VERBS = ['get', 'post', 'put', 'patch', 'delete']
const byId = (id) => document.getElementById(id)

function element(name, properties, ...children) {
  const node = Object.assign(document.createElement(name), properties)
  node.append(...children.filter((child) => child !== null))
  return node
}

const field = (parameter) => {
  const input = element('input', { name: parameter.name, placeholder: (parameter.schema.enum || []).join(' | ') || parameter.schema.type || '' })
  input.dataset.in = parameter.in
  return element('tr', {},
    element('th', {}, parameter.name + (parameter.required ? ' *' : '')), element('td', {}, parameter.in), element('td', {}, input),
    element('td', {}, parameter.description || ''))
}

function exampleOf(content) {
  const example = Object.values(content.examples || {})[0]
  return JSON.stringify(example ? example.value : {}, null, 2)
}

function request(path, method, form) {
  const inputs = [...form.querySelectorAll('input')].filter((input) => input.value !== '')
  const of = (place) => inputs.filter((input) => input.dataset.in === place)
  let url = path
  for (const input of of('path')) url = url.replace('{' + input.name + '}', encodeURIComponent(input.value))
  const query = new URLSearchParams(of('query').map((input) => [input.name, input.value])).toString()
  const headers = Object.fromEntries(of('header').map((input) => [input.name, input.value]))
  const token = byId('token').value.trim()
  if (token !== '') headers.Authorization = 'Bearer ' + token
  const body = form.querySelector('textarea')
  if (body !== null) headers['Content-Type'] = 'application/json'
  return fetch(url + (query === '' ? '' : '?' + query), { method: method.toUpperCase(), headers, body: body === null ? undefined : body.value })
}

async function send(path, method, form, output) {
  output.textContent = 'Waiting…'
  try {
    const response = await request(path, method, form)
    const text = await response.text()
    const isJson = (response.headers.get('Content-Type') || '').includes('json')
    const shown = isJson && text !== '' ? JSON.stringify(JSON.parse(text), null, 2) : text
    output.textContent = response.status + ' ' + response.statusText + '\\n' + [...response.headers].map((pair) => pair.join(': ')).join('\\n') + '\\n\\n' + shown
  } catch (error) {
    output.textContent = String(error)
  }
}

function tryIt(path, method, operation) {
  const body = operation.requestBody ? operation.requestBody.content['application/json'] : null
  const output = element('pre', {})
  const form = element('form', {},
    element('table', {}, ...operation.parameters.map(field)),
    body === null ? null : element('textarea', { value: exampleOf(body), spellcheck: false }),
    element('button', {}, 'Send'))
  form.addEventListener('submit', (event) => { event.preventDefault(); send(path, method, form, output) })
  return element('div', {}, form, output)
}

const schemaText = (content) => JSON.stringify(Object.values(content || {})[0] || {}, null, 2)

function responses(operation) {
  return element('table', {}, ...Object.entries(operation.responses).map(([status, response]) =>
    element('tr', {}, element('th', {}, status), element('td', {}, response.description))))
}

function present(path, method, operation) {
  const details = element('details', {}, element('summary', {},
    element('span', { className: 'verb' }, method), element('code', {}, path), ' ' + operation.summary,
    element('span', { className: 'id' }, operation['x-contract-id']), element('span', { className: 'may' }, operation['x-permission'] || 'public')))
  details.dataset.words = [path, method, operation.summary, operation['x-contract-id'], operation.operationId].join(' ').toLowerCase()
  details.addEventListener('toggle', () => {
    if (details.childElementCount > 1) return
    const success = operation.responses['200'] || operation.responses['201'] || {}
    details.append(
      element('p', {}, operation.description), tryIt(path, method, operation), element('h4', {}, 'Answers'), responses(operation),
      element('h4', {}, 'Schema of the answer'), element('pre', {}, schemaText(success.content)))
  })
  return details
}

async function start() {
  const contract = await (await fetch('/openapi.json')).json()
  const groups = new Map()
  for (const [path, item] of Object.entries(contract.paths)) for (const method of VERBS) if (item[method]) {
    const tag = item[method].tags[0]
    groups.set(tag, [...(groups.get(tag) || []), present(path, method, item[method])])
  }
  byId('operations').replaceChildren(...[...groups].flatMap(([tag, all]) => [element('h2', {}, tag), ...all]))
  byId('find').addEventListener('input', (event) => {
    const word = event.target.value.toLowerCase()
    for (const details of document.querySelectorAll('details')) details.hidden = !details.dataset.words.includes(word)
  })
}

start()
`
