import { api, body } from "../api/client";
import type { IceServers } from "../api/types";

/** Offer and answer: how a peer connection is introduced to the server. Failures are Faults. */
export interface Signalling {
  iceServers(): Promise<IceServers>;
  /** With a `resumeToken` the offer takes up that conversation, else that of `pcId`, else a new one. */
  offer(offer: {
    sdp: string;
    pcId: string;
    resumeToken: string;
    seen: number;
  }): Promise<{ sdp: string; pcId: string }>;
  candidates(pcId: string, candidates: Candidate[]): Promise<void>;
  hangUp(pcId: string): Promise<void>;
}

/** A network path this browser offers; an empty `candidate` says that there are no more. */
export interface Candidate {
  candidate: string;
  sdp_mid: string;
  sdp_mline_index: number;
}

/** Signalling over the server's HTTP API. */
export const overHttp: Signalling = {
  async iceServers() {
    return (await body(api.GET("/api/ice-servers"))).iceServers;
  },
  async offer({ sdp, pcId, resumeToken, seen }) {
    const again = pcId === "" ? {} : { pc_id: pcId, restart_pc: true };
    const taken = resumeToken === "" ? again : { request_data: { resume_token: resumeToken, seen } };
    const answer = await body(api.POST("/api/offer", { body: { sdp, type: "offer", ...taken } }));
    return { sdp: answer.sdp, pcId: answer.pc_id };
  },
  async candidates(pcId, candidates) {
    await api.PATCH("/api/offer", { body: { pc_id: pcId, candidates } });
  },
  async hangUp(pcId) {
    await api.DELETE("/api/offer/{pc_id}", { params: { path: { pc_id: pcId } } });
  },
};
