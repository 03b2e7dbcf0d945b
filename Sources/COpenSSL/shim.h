#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ts.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

// What OpenSSL offers as macros only, which Swift does not see.

static inline STACK_OF(X509) * passbook_certificates_new(void) { return sk_X509_new_null(); }

static inline int passbook_certificates_push(STACK_OF(X509) * stack, X509 *certificate) {
  return sk_X509_push(stack, certificate);
}

static inline void passbook_certificates_free(STACK_OF(X509) * stack) { sk_X509_pop_free(stack, X509_free); }

/// The certificate that made a token's signature, which stays the token's own; NULL unless there is exactly one.
static inline X509 *passbook_signer(PKCS7 *token, STACK_OF(X509) * more) {
  STACK_OF(X509) *signers = PKCS7_get0_signers(token, more, 0);
  X509 *signer = sk_X509_num(signers) == 1 ? sk_X509_value(signers, 0) : NULL;
  sk_X509_free(signers);
  return signer;
}

/// The number that OpenSSL has for the digest under a token's signature.
static inline int passbook_digest(PKCS7 *token) {
  STACK_OF(PKCS7_SIGNER_INFO) *signers = PKCS7_get_signer_info(token);
  PKCS7_SIGNER_INFO *signer = sk_PKCS7_SIGNER_INFO_num(signers) == 1 ? sk_PKCS7_SIGNER_INFO_value(signers, 0) : NULL;
  return signer && signer->digest_alg ? OBJ_obj2nid(signer->digest_alg->algorithm) : NID_undef;
}

/// Writes a name on one line, "CN = …, O = …": control characters escaped, other letters as UTF-8.
static inline int passbook_print_name(BIO *text, const X509_NAME *name) {
  return X509_NAME_print_ex(text, name, 0, XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_MSB);
}

/// How many texts a status has, and one of them.
static inline int passbook_texts(const TS_STATUS_INFO *status) {
  const STACK_OF(ASN1_UTF8STRING) *texts = TS_STATUS_INFO_get0_text(status);
  return texts ? sk_ASN1_UTF8STRING_num(texts) : 0;
}

static inline const ASN1_UTF8STRING *passbook_text(const TS_STATUS_INFO *status, int index) {
  return sk_ASN1_UTF8STRING_value(TS_STATUS_INFO_get0_text(status), index);
}

/// Refuses a pass phrase: without it OpenSSL would ask for one at the terminal.
static inline int passbook_no_pass_phrase(char *buffer, int size, int writing, void *data) {
  (void)buffer, (void)size, (void)writing, (void)data;
  return -1;
}

/// The next certificate of a PEM text; NULL where there is none, or it cannot be read.
static inline X509 *passbook_next_certificate(BIO *text) {
  return PEM_read_bio_X509(text, NULL, passbook_no_pass_phrase, NULL);
}
