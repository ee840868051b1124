export {
  answerNoSuchAddress as DELETE,
  answerNoSuchAddress as GET,
  answerNoSuchAddress as PATCH,
  answerNoSuchAddress as POST,
  answerNoSuchAddress as PUT,
} from "../../api/no-such-address.ts";
