/** A client of the running product, as an integrator would write one: JSON in, JSON out, the token in a header. */
export interface Answer<T = Record<string, unknown>> {
  readonly status: number
  readonly headers: Headers
  readonly body: T
}

export interface ApiClient {
  readonly token: string
  get<T = Record<string, unknown>>(path: string): Promise<Answer<T>>
  /** `what` is a method and a path, e.g. `POST /api/v6/spaces`. */
  send<T = Record<string, unknown>>(what: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer<T>>
}

async function call<T>(url: string, init: RequestInit): Promise<Answer<T>> {
  const response = await fetch(url, init)
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') === true
  return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as T }
}

/** Signs in through the front door. */
export async function signIn(baseUrl: string, email: string, password: string): Promise<ApiClient> {
  const login = await call<{ access_token: string }>(`${baseUrl}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  })
  if (login.status !== 200) throw new Error(`sign-in of ${email} answered ${login.status}: ${JSON.stringify(login.body)}`)
  const token = login.body.access_token
  const authorization = `Bearer ${token}`
  return {
    token,
    get: (path) => call(baseUrl + path, { headers: { authorization } }),
    send: (what, body, headers = {}) => {
      const [method = 'POST', path = '/'] = what.split(' ')
      const json = body === undefined ? {} : { body: JSON.stringify(body) }
      const type = body === undefined ? {} : { 'content-type': 'application/json' }
      return call(baseUrl + path, { method, headers: { authorization, ...type, ...headers }, ...json })
    },
  }
}
