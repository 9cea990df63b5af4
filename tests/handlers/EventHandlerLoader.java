package com.amazonaws.services.lambda.runtime.api.client;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Asks a real JVM the questions that the runtime client asks it, for handlers with a method. Reads lines of root, tab, handler; answers
 * each with OK, or the class of the error, tab, its text. It has the client's class name, which stands in one of the texts.
 */
public class EventHandlerLoader {
    static class Fault extends Exception {
        final String code;

        Fault(String code, String text) {
            super(text);
            this.code = code;
        }
    }

    static class PojoMethodRequestHandler {
        static void call(Method method, Object instance) throws Exception {
            method.invoke(instance, new Object[method.getParameterCount()]);
        }
    }

    static class StreamMethodRequestHandler {
        static void call(Method method, Object instance) throws Exception {
            method.invoke(instance, new Object[method.getParameterCount()]);
        }
    }

    static Object instance(Class<?> type) throws Exception {
        Constructor<?> constructor;
        try {
            constructor = type.getConstructor();
        } catch (NoSuchMethodException e) {
            boolean inner = type.getEnclosingClass() != null && !Modifier.isStatic(type.getModifiers());
            throw new Exception("Class " + type.getName() + (inner
                ? " cannot be instantiated because it is a non-static inner class"
                : " has no public zero-argument constructor"));
        }
        try {
            return constructor.newInstance();
        } catch (InvocationTargetException e) {
            return null; // what a constructor does is not the question
        }
    }

    static boolean fits(Method method) {
        Type[] types = method.getGenericParameterTypes();
        StringBuilder kinds = new StringBuilder();
        for (Type type : types) {
            kinds.append(type == InputStream.class ? 'i' : type == OutputStream.class ? 'o' : type == Context.class ? 'c' : 'x');
        }
        return types.length < 2 || Arrays.asList("io", "ic", "oc", "xc", "ioc").contains(kinds.toString());
    }

    static int weight(Method method) {
        Class<?>[] types = method.getParameterTypes();
        return types.length + (types.length > 0 && types[types.length - 1] == Context.class ? 1 : 0);
    }

    static void call(Class<?> type, String name) throws Exception {
        Method[] methods;
        try {
            methods = type.getMethods();
        } catch (NoClassDefFoundError e) {
            throw new Fault(e.getClass().getName(), "Error loading method " + name + " on class " + type.getName());
        }
        List<Method> fitting = new ArrayList<>();
        for (Method method : methods) {
            if (method.getName().equals(name) && fits(method)) {
                fitting.add(method);
            }
        }
        fitting.sort(Comparator.comparing(Method::isBridge).thenComparing(method -> -weight(method)));
        if (fitting.isEmpty()) {
            throw new Fault("null", "No public method named " + name + " with appropriate method signature found on class " + type.getName());
        }
        Method method = fitting.get(0);
        Object instance = Modifier.isStatic(method.getModifiers()) ? null : instance(type);
        List<Class<?>> types = Arrays.asList(method.getParameterTypes());
        try {
            if (types.contains(InputStream.class) || types.contains(OutputStream.class)) {
                StreamMethodRequestHandler.call(method, instance);
            } else {
                PojoMethodRequestHandler.call(method, instance);
            }
        } catch (InvocationTargetException | IllegalArgumentException | NullPointerException e) {
            // it was called: what it does is not the question
        }
    }

    static ClassLoader loader(String root) throws Exception {
        List<URL> places = new ArrayList<>(List.of(new URL("file:" + root + "/")));
        String[] names = new File(root, "lib").list();
        if (names != null) {
            Arrays.sort(names);
            for (String name : names) {
                if (name.endsWith(".jar")) {
                    places.add(new URL("file:" + root + "/lib/" + name));
                }
            }
        }
        return new URLClassLoader(places.toArray(new URL[0]), EventHandlerLoader.class.getClassLoader());
    }

    static void follow(String root, String handler) throws Throwable {
        int colons = handler.lastIndexOf("::");
        String name = handler.substring(0, colons);
        Class<?> type;
        try {
            type = Class.forName(name, true, loader(root));
        } catch (ClassNotFoundException e) {
            throw new Fault(e.getClass().getName(), "Class not found: " + name);
        } catch (LinkageError e) {
            throw new Fault(e.getClass().getName(), "Error loading class " + name + (e.getMessage() == null ? "" : ": " + e.getMessage()));
        }
        call(type, handler.substring(colons + 2));
    }

    public static void main(String[] args) throws Exception {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] parts = line.split("\t");
            String answer = "OK";
            try {
                follow(parts[0], parts[1]);
            } catch (Fault e) {
                answer = e.code + "\t" + e.getMessage();
            } catch (Throwable e) {
                answer = e.getClass().getName() + "\t" + (e.getMessage() == null ? e.getClass().getName() : e.getMessage());
            }
            System.out.println(answer);
        }
    }
}
