// Publishes a page with its attachments only when the service found all of it clear (Java 17+):
//   SECREVIEW_TOKEN=… java Publish.java http://127.0.0.1:8300 notice.html list.xlsx && deploy
// Exit code 0 goes ahead, 1 was held for what was found, 3 cannot be told. All but 0 holds.
import java.net.URI;
import java.net.http.*;
import java.nio.file.*;
import java.security.MessageDigest;
import java.util.*;
import java.util.concurrent.TimeUnit;

class Publish {
  static final long SECONDS = Long.parseLong(System.getenv().getOrDefault("SECREVIEW_SECONDS", "60"));
  static final long UNTIL = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
  static final HttpClient CLIENT = HttpClient.newHttpClient(); // follows no redirects

  static HttpResponse<String> ask(HttpRequest.Builder request) throws Exception {
    request.header("prefer", "wait=20").header("content-type", "application/json");
    var token = System.getenv("SECREVIEW_TOKEN");
    if (token != null) request.header("authorization", "Bearer " + token);
    var answer = CLIENT.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
    return answer.get(UNTIL - System.nanoTime(), TimeUnit.NANOSECONDS); // with its body
  }

  static String digest(byte[] data) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(data));
  }

  static String verdict(String service, List<String> paths) throws Exception {
    var parts = new ArrayList<String>();
    var digests = new ArrayList<String>();
    for (var path : paths) {
      var data = Files.readAllBytes(Path.of(path));
      var name = Path.of(path).getFileName().toString().replaceAll("[\\\\\"\\p{Cntrl}]", "_");
      var base64 = Base64.getEncoder().encodeToString(data);
      parts.add("{\"name\":\"%s\",\"base64\":\"%s\"}".formatted(name, base64));
      digests.add(digest(data));
    }
    var body = HttpRequest.BodyPublishers.ofString("{\"parts\":[" + String.join(",", parts) + "]}");
    var address = URI.create(service + "/v1/reviews");
    var answer = ask(HttpRequest.newBuilder(address).POST(body));
    while (answer.statusCode() == 202) { // not done yet
      var id = answer.headers().firstValue("location").orElseThrow().replaceAll("[^0-9a-z/]|.*/", "");
      Thread.sleep(200);
      answer = ask(HttpRequest.newBuilder(URI.create(address + "/" + id)));
    }
    Collections.sort(digests);
    var speaksOf = answer.headers().firstValue("secreview-bundle").orElse("");
    var isOfThese = speaksOf.equals(digest(String.join("\n", digests).getBytes()));
    var verdict = answer.headers().firstValue("secreview-verdict").orElse("");
    return answer.statusCode() == 200 && isOfThese ? verdict : "";
  }

  public static void main(String[] args) {
    var verdict = "";
    try {
      verdict = verdict(args[0], Arrays.asList(args).subList(1, args.length));
    } catch (Exception error) {
      System.out.println(error.getClass().getSimpleName());
    }
    var isHeld = Set.of("block", "review", "incomplete").contains(verdict);
    System.out.println(verdict.equals("clear") ? "publish" : "hold: " + (isHeld ? verdict : "cannot be told"));
    System.exit(verdict.equals("clear") ? 0 : isHeld ? 1 : 3);
  }
}
