/** Which network-server tenant and application each demo tenant is linked to; acme's are those of the published events. */
export interface DemoNetwork {
  readonly chirpstackTenantId: string
  readonly applicationId: string
  /** Device profiles by codec key of the models that need one of their own; the rest share `sensor`. */
  readonly profiles: { readonly sensor: string; readonly display: string }
}

const PROFILES = { sensor: '14855bf7-d10d-4aee-b618-ebfcb64dc7ad', display: '605d08d4-65f5-4d2c-8a5a-3d2457662f79' }

export const DEMO_NETWORKS = {
  acme: {
    chirpstackTenantId: '52f14cd4-c6f1-4fbd-8f87-4025e1d49242',
    applicationId: '17c82e96-be03-4f38-aef3-f83d48582d97',
    profiles: PROFILES,
  },
  blue: {
    chirpstackTenantId: '7d2b1c54-0f6e-4f2e-9d6b-2f3e5a6b7c01',
    applicationId: '2b9e6c11-54a7-4d0c-8a43-6a1f7c2d9e02',
    profiles: { sensor: '8a1f7c2d-9e02-4b9e-ac11-54a74d0c8a43', display: '3f3e5a6b-7c01-4d2b-9c54-0f6e4f2e9d6b' },
  },
} as const satisfies Record<string, DemoNetwork>
